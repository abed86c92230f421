/* facet_form: see facet_form.h. */
#include "replay/engine/facet_form.h"

#include <stdlib.h>
#include <string.h>

void facet_forms_make(struct facet_forms *forms, const struct registry *registry)
{
	*forms = (struct facet_forms){.fields = registry->field_count};
	forms->positions = mem_alloc((FORM_PLACES * forms->fields + 1) * sizeof *forms->positions);
}

void facet_forms_free(struct facet_forms *forms)
{
	free(forms->positions);
	*forms = (struct facet_forms){0};
}

struct facet_form facet_form_of(struct facet_forms *forms, const struct facet *facet)
{
	size_t place = facet->count % FORM_PLACES, size = forms->fields * sizeof *forms->positions;
	uint16_t *known = forms->positions + place * forms->fields;
	if (!forms->numbers[place] || memcmp(known, facet->position, size) != 0) {
		memcpy(known, facet->position, size);
		forms->numbers[place] = ++forms->last;
	}
	return (struct facet_form){forms->numbers[place], place};
}
