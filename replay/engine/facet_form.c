/* facet_form: see facet_form.h. */
#include "replay/engine/facet_form.h"

#include <stdlib.h>
#include <string.h>

void facet_forms_make(struct facet_forms *forms, const struct registry *registry)
{
	*forms = (struct facet_forms){.fields = registry->field_count, .last = LAYOUTS_MAX};
	forms->positions = mem_alloc((FORM_OTHERS * forms->fields + 1) * sizeof *forms->positions);
}

void facet_forms_free(struct facet_forms *forms)
{
	free(forms->positions);
	*forms = (struct facet_forms){0};
}

struct facet_form facet_form_of(struct facet_forms *forms, const struct facet *facet)
{
	if (facet->layout)
		return (struct facet_form){facet->layout->number, facet->layout->number % FORM_LAYOUTS};
	size_t place = facet->count % FORM_OTHERS, size = forms->fields * sizeof *forms->positions;
	uint16_t *known = forms->positions + place * forms->fields;
	if (!forms->numbers[place] || memcmp(known, facet->position, size) != 0) {
		memcpy(known, facet->position, size);
		forms->numbers[place] = ++forms->last;
	}
	return (struct facet_form){forms->numbers[place], FORM_LAYOUTS + place};
}
