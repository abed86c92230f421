/* kql: queries in Kibana's query language. */
#include "generator/elastic/kql.h"

#include <string.h>

enum piece_kind { PIECE_END, PIECE_WORD, PIECE_SIGN };
struct piece {
	enum piece_kind kind;
	struct text text;      /* of a WORD: without quotes and escapes */
	size_t offset, end;
	bool quoted, wild;     /* it stood in quotes; it holds stars that are wildcards */
	bool escaped_star;     /* it holds a star that is none */
};

struct reader {
	struct arena *arena;
	struct text source;
	size_t at;
	struct piece piece; /* the next one */
	unsigned depth;
	const char *error;
	size_t offset;
};

static void fail(struct reader *r, const char *error)
{
	if (r->error != NULL)
		return;
	r->error = error;
	r->offset = r->piece.offset;
}

/* --- pieces --- */

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static char peek(const struct reader *r, size_t ahead)
{
	return r->at + ahead < r->source.length ? r->source.data[r->at + ahead] : '\0';
}

static void read_quoted(struct reader *r, struct buffer *out)
{
	r->piece.quoted = true;
	for (r->at++; r->at < r->source.length && peek(r, 0) != '"'; r->at++) {
		if (peek(r, 0) == '\\' && r->at + 1 < r->source.length)
			r->at++;
		buffer_char(out, peek(r, 0));
	}
	if (peek(r, 0) != '"')
		fail(r, "a text in quotes is not closed");
	r->at++;
}

static void read_word(struct reader *r, struct buffer *out)
{
	while (r->at < r->source.length && !is_blank(peek(r, 0)) && strchr("():<>{}\"", peek(r, 0)) == NULL) {
		bool escaped = peek(r, 0) == '\\' && r->at + 1 < r->source.length;

		r->at += escaped;
		r->piece.wild = r->piece.wild || (!escaped && peek(r, 0) == '*');
		r->piece.escaped_star = r->piece.escaped_star || (peek(r, 0) == '?' || (escaped && peek(r, 0) == '*'));
		buffer_char(out, peek(r, 0));
		r->at++;
	}
}

static void take(struct reader *r)
{
	struct buffer out = {0};

	while (is_blank(peek(r, 0)))
		r->at++;
	r->piece = (struct piece){.kind = PIECE_END, .offset = r->at};
	if (r->at >= r->source.length)
		return;
	if (strchr("():<>{}", peek(r, 0)) != NULL) {
		size_t length = (peek(r, 0) == '<' || peek(r, 0) == '>') && peek(r, 1) == '=' ? 2 : 1;

		r->piece.kind = PIECE_SIGN;
		r->piece.text = text_slice(r->source, r->at, r->at + length);
		r->at += length;
		return;
	}
	r->piece.kind = PIECE_WORD;
	if (peek(r, 0) == '"')
		read_quoted(r, &out);
	else
		read_word(r, &out);
	r->piece.text = text_copy(r->arena, buffer_view(&out));
	r->piece.end = r->at;
	buffer_free(&out);
}

static bool take_sign(struct reader *r, const char *sign)
{
	bool is = r->piece.kind == PIECE_SIGN && text_is(r->piece.text, sign);

	if (is)
		take(r);
	return is;
}

static bool is_word(const struct reader *r, const char *word)
{
	return r->piece.kind == PIECE_WORD && !r->piece.quoted && text_equal_fold(r->piece.text, text_of(word));
}

static bool take_word(struct reader *r, const char *word)
{
	bool is = is_word(r, word);

	if (is)
		take(r);
	return is;
}

/* --- nodes --- */

static struct eql_node *node_of(struct reader *r, enum eql_kind kind)
{
	struct eql_node *node = arena_alloc(r->arena, sizeof(*node));

	node->kind = kind;
	return node;
}

static void node_add(struct reader *r, struct eql_node *node, struct eql_node *child)
{
	node->children = arena_grow(r->arena, node->children, node->count, sizeof(*node->children));
	node->children[node->count++] = child;
}

static bool is_number(struct text text)
{
	int64_t number;

	return text_to_long(text, &number);
}

static struct eql_node *test_of(struct reader *r, struct text field, enum eql_operator op, const struct piece *piece)
{
	struct eql_node *node = node_of(r, EQL_TEST);
	struct eql_value *value = arena_alloc(r->arena, sizeof(*value));
	bool truth = text_is(piece->text, "true") || text_is(piece->text, "false");

	node->test = (struct eql_test){.field = field, .op = op, .offset = piece->offset};
	if (op == EQL_THERE)
		return node;
	/* A number asks a keyword for its text: only order needs one. */
	value->kind = !piece->quoted && truth ? EQL_BOOLEAN : op >= EQL_LESS && op <= EQL_GREATER_EQUAL ? EQL_NUMBER : EQL_STRING;
	value->text = piece->text;
	node->test.values = value;
	node->test.count = 1;
	return node;
}

static bool is_operator(const struct reader *r)
{
	return is_word(r, "and") || is_word(r, "or") || is_word(r, "not");
}

static struct eql_node *value_of(struct reader *r, struct text field)
{
	struct piece piece = r->piece;

	if (piece.kind != PIECE_WORD) {
		fail(r, "a value is expected here");
		return node_of(r, EQL_FALSE);
	}
	take(r);
	/* Words without quotes are one text, blanks and all. */
	while (r->error == NULL && !piece.quoted && r->piece.kind == PIECE_WORD && !is_operator(r)) {
		struct text gap = text_slice(r->source, piece.end, r->piece.offset);

		if (r->piece.quoted)
			fail(r, "and, or or ) is expected here");
		piece.text = text_of(arena_printf(r->arena, "%.*s%.*s%.*s", TEXT_ARGS(piece.text), TEXT_ARGS(gap),
			TEXT_ARGS(r->piece.text)));
		piece.wild = piece.wild || r->piece.wild;
		piece.escaped_star = piece.escaped_star || r->piece.escaped_star;
		piece.end = r->piece.end;
		take(r);
	}
	if (piece.wild && piece.escaped_star)
		fail(r, "a pattern with a literal star or question mark is not taken");
	if (piece.wild && text_is(piece.text, "*"))
		return test_of(r, field, EQL_THERE, &piece);
	return test_of(r, field, piece.wild ? EQL_LIKE : EQL_EQUAL, &piece);
}

/* --- expressions: of fields, or of the values of one field --- */

static struct eql_node *read_or(struct reader *r, struct text field);

static struct eql_node *read_field(struct reader *r)
{
	static const char *const orders[] = {"<", "<=", ">", ">="};
	struct piece name = r->piece;

	if (name.kind != PIECE_WORD) {
		fail(r, "a field is expected here");
		return node_of(r, EQL_FALSE);
	}
	take(r);
	if (text_is(name.text, "message"))
		fail(r, "the text of message is taken apart into words there, which is not taken");
	if (name.wild)
		fail(r, "a pattern of field names is not taken");
	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++) {
		if (!take_sign(r, orders[i]))
			continue;
		struct piece value = r->piece;

		if (value.kind != PIECE_WORD || !is_number(value.text))
			fail(r, "a whole number is expected here");
		take(r);
		return test_of(r, name.text, (enum eql_operator)(EQL_LESS + i), &value);
	}
	if (!take_sign(r, ":"))
		fail(r, "a word without a field is not taken");
	if (r->piece.kind == PIECE_SIGN && text_is(r->piece.text, "{"))
		fail(r, "nested fields are not taken");
	if (!take_sign(r, "("))
		return value_of(r, name.text);
	struct eql_node *node = read_or(r, name.text);

	if (!take_sign(r, ")"))
		fail(r, ") is expected here");
	return node;
}

static struct eql_node *read_not(struct reader *r, struct text field)
{
	struct eql_node *node;

	if (++r->depth > EQL_DEPTH_MAX)
		fail(r, "the expression is nested too deeply");
	if (r->error != NULL) {
		node = node_of(r, EQL_FALSE);
	} else if (take_word(r, "not")) {
		node = node_of(r, EQL_NOT);
		node_add(r, node, read_not(r, field));
	} else if (take_sign(r, "(")) {
		node = read_or(r, field);
		if (!take_sign(r, ")"))
			fail(r, ") is expected here");
	} else {
		node = field.length > 0 ? value_of(r, field) : read_field(r);
	}
	r->depth--;
	return node;
}

/* Values of one field that are compared alike are one list. */
static void merge_values(struct reader *r, struct eql_node *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct eql_node *node = list->children[i], *into = NULL;
		bool plain = node->kind == EQL_TEST && (node->test.op == EQL_EQUAL || node->test.op == EQL_LIKE);

		for (size_t k = 0; plain && k < kept && into == NULL; k++) {
			if (list->children[k]->kind == EQL_TEST && list->children[k]->test.op == node->test.op)
				into = list->children[k];
		}
		if (into == NULL) {
			list->children[kept++] = node;
			continue;
		}
		size_t before = into->test.count, more = node->test.count;
		struct eql_value *values = arena_array(r->arena, before + more, sizeof(*values));

		memcpy(values, into->test.values, before * sizeof(*values));
		memcpy(values + before, node->test.values, more * sizeof(*values));
		into->test.values = values;
		into->test.count = before + more;
	}
	list->count = kept;
}

static struct eql_node *read_list(struct reader *r, struct text field, const char *word, enum eql_kind kind)
{
	struct eql_node *list = node_of(r, kind);

	do
		node_add(r, list, kind == EQL_OR ? read_list(r, field, "and", EQL_AND) : read_not(r, field));
	while (r->error == NULL && take_word(r, word));
	if (kind == EQL_OR && field.length > 0)
		merge_values(r, list);
	return list->count == 1 ? list->children[0] : list;
}

static struct eql_node *read_or(struct reader *r, struct text field)
{
	return read_list(r, field, "or", EQL_OR);
}

struct eql_query *kql_parse(struct arena *arena, struct text source, const char **error, size_t *offset)
{
	struct reader r = {.arena = arena, .source = source};
	struct eql_query *query = arena_alloc(arena, sizeof(*query));

	take(&r);
	query->steps = arena_alloc(arena, sizeof(*query->steps));
	query->count = 1;
	query->steps->runs = 1;
	query->steps->where = read_or(&r, TEXT(""));
	if (r.piece.kind != PIECE_END)
		fail(&r, "the query goes on where it should end");
	*error = r.error;
	*offset = r.offset;
	return r.error == NULL ? query : NULL;
}
