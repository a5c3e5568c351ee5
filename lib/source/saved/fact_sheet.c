// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The facts of a report, from its JSON: "ltpin.report/1", see schema/ltpin.schema.json. A process is
 * known by its name, since its number differs from boot to boot; so are areas.
 */
#include "source/saved/fact_sheet.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/array_size.h"
#include "base/json.h"

#define SCHEMA "ltpin.report/1"

struct reading {
	struct lt_strings *strings;
	struct lt_fact_sheet sheet;
	enum lt_fact_section section; /* of the object that is walked through */
	const char *prefix;	      /* of the keys in it */
	bool has_schema;
};

static struct lt_fact *add(struct reading *in, enum lt_fact_section section, const char *key)
{
	struct lt_fact *fact = key ? lt_vec_push(&in->sheet.facts) : NULL;

	if (!fact)
		return NULL;
	*fact = (struct lt_fact){ .section = section, .key = key };
	return fact;
}

static int add_num(struct reading *in, enum lt_fact_section section, const char *key,
		   struct lt_num num)
{
	struct lt_fact *fact = num.known ? add(in, section, key) : NULL;

	if (fact)
		fact->num = num;
	return num.known && !fact ? -ENOMEM : 0;
}

static int add_text(struct reading *in, enum lt_fact_section section, const char *key,
		    const char *text)
{
	struct lt_fact *fact = text ? add(in, section, key) : NULL;

	if (!text)
		return 0;
	if (!fact)
		return -ENOMEM;
	fact->text = text;
	return 0;
}

/* A member as it was written, made safe; NULL if it is absent. */
static const char *text_of(struct reading *in, const struct lt_json_value *object, const char *key)
{
	const char *text = lt_json_get_string(object, key);

	return text ? lt_strings_restore(in->strings, text) : NULL;
}

static const char *or_unnamed(const char *name)
{
	return name ? name : "(unnamed)";
}

/* A number or a text of an object whose members are facts. */
static int add_member(const char *key, const struct lt_json_value *value, void *arg)
{
	struct reading *in = arg;
	const char *name = lt_strings_restore(in->strings, key);
	struct lt_num num = lt_json_num_of(value);

	if (name && in->prefix)
		name = lt_strings_format(in->strings, "%s: %s", in->prefix, name);
	if (!name)
		return -ENOMEM;
	if (num.known)
		return add_num(in, in->section, name, num);
	if (!*lt_json_string_of(value))
		return 0;
	return add_text(in, in->section, name,
			lt_strings_restore(in->strings, lt_json_string_of(value)));
}

static int add_members(struct reading *in, enum lt_fact_section section, const char *prefix,
		       const struct lt_json_value *object)
{
	in->section = section;
	in->prefix = prefix;
	return lt_json_each(object, add_member, in);
}

static int parse_kernel(struct reading *in, const struct lt_json_value *value)
{
	int err = add_members(in, LT_FACT_KERNEL, NULL, value);

	in->sheet.release = text_of(in, value, "release");
	return err ? err : add_members(in, LT_FACT_OPTION, NULL, lt_json_get(value, "options"));
}

static int parse_memory(struct reading *in, const struct lt_json_value *value)
{
	return add_members(in, LT_FACT_COUNTER, NULL, value);
}

static int parse_area(struct reading *in, const struct lt_json_value *value)
{
	const char *name = or_unnamed(text_of(in, value, "name"));
	int err = add_members(in, LT_FACT_AREA, name, value);

	return err ? err : add_members(in, LT_FACT_COUNTER, name, lt_json_get(value, "counters"));
}

/* Who has a page, as far as that is known. */
static const char *holder_of(struct reading *in, const struct lt_json_value *pin)
{
	const char *name = text_of(in, lt_json_get(pin, "pinned_by"), "comm");

	if (!name)
		name = text_of(in, lt_json_at(lt_json_get(pin, "mapped_by"), 0), "comm");
	if (!name)
		name = text_of(in, lt_json_get(pin, "allocated_by"), "comm");
	return name ? name : "nobody that is known";
}

static int parse_pin(struct reading *in, const struct lt_json_value *value)
{
	const char *kind = text_of(in, value, "kind");
	const char *key;

	if (!kind)
		return 0; /* it blocked, and is not held now */
	key = lt_strings_format(in->strings, "%s in %s, %s", kind,
				or_unnamed(text_of(in, value, "area")), holder_of(in, value));
	return add_num(in, LT_FACT_HOLD, key, lt_json_get_num(value, "nr_pages"));
}

static int parse_finding(struct reading *in, const struct lt_json_value *value)
{
	const char *severity = text_of(in, value, "severity");
	const char *confidence = text_of(in, value, "confidence");
	const char *id = text_of(in, value, "id");

	if (!id || !severity || !confidence)
		return 0;
	return add_num(in, LT_FACT_FINDING,
		       lt_strings_format(in->strings, "%s (%s, %s)", id, severity, confidence),
		       lt_num(1));
}

static int parse_ruled_out(struct reading *in, const struct lt_json_value *value)
{
	return add_text(in, LT_FACT_RULED_OUT, or_unnamed(text_of(in, value, "cause")),
			"ruled out");
}

static int parse_group(struct reading *in, const struct lt_json_value *value)
{
	const char *signature = text_of(in, value, "signature");

	return signature ? add_num(in, LT_FACT_FAILURE, signature,
				   lt_json_get_num(value, "nr_failed"))
			 : 0;
}

static int parse_case(struct reading *in, const struct lt_json_value *value)
{
	const char *name = text_of(in, value, "name");

	return name ? add_text(in, LT_FACT_SELFTEST, name, text_of(in, value, "outcome")) : 0;
}

static int parse_selftest(struct reading *in, const struct lt_json_value *value)
{
	const struct lt_json_value *cases = lt_json_get(value, "cases");
	int err = add_text(in, LT_FACT_SELFTEST, "verdict", text_of(in, value, "verdict"));

	for (size_t i = 0; i < lt_json_length(cases) && !err; i++)
		err = parse_case(in, lt_json_at(cases, i));
	return err;
}

/* What nobody asked, here or there, makes no difference. */
static int parse_source(struct reading *in, const struct lt_json_value *value)
{
	const char *name = text_of(in, value, "name"), *status = text_of(in, value, "status");
	struct lt_fact *fact;

	if (!name || !status || !strcmp(status, "unused"))
		return 0;
	fact = lt_vec_push(&in->sheet.sources);
	if (!fact)
		return -ENOMEM;
	*fact = (struct lt_fact){
		.section = LT_FACT_SOURCE,
		.key = name,
		.text = !strcmp(status, "ok") || !strcmp(status, "partial") ? "read" : "not read",
	};
	return 0;
}

static int parse_member(const char *key, const struct lt_json_value *value, void *arg)
{
	struct reading *in = arg;
	const struct {
		const char *key, **text;
	} texts[] = {
		{ "ltpin_version", &in->sheet.version }, { "captured_at", &in->sheet.captured_at },
		{ "machine", &in->sheet.machine },	 { "boot_id", &in->sheet.boot_id },
		{ "headline", &in->sheet.headline },	 { "signature", &in->sheet.signature },
	};
	const struct {
		const char *key;
		int (*parse)(struct reading *, const struct lt_json_value *);
	} parts[] = {
		{ "kernel", parse_kernel },    { "memory", parse_memory },
		{ "areas", parse_area },       { "pins", parse_pin },
		{ "findings", parse_finding }, { "ruled_out", parse_ruled_out },
		{ "groups", parse_group },     { "selftests", parse_selftest },
		{ "sources", parse_source },
	};

	if (!strcmp(key, "schema"))
		in->has_schema = !strcmp(lt_json_string_of(value), SCHEMA);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (!strcmp(key, texts[i].key))
			return lt_strings_restore_to(in->strings, lt_json_string_of(value),
						     texts[i].text);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strcmp(key, parts[i].key))
			return parts[i].parse(in, value);
	return 0;
}

int lt_fact_sheet_parse(const char *buf, size_t len, struct lt_strings *strings,
			struct lt_fact_sheet *out, struct lt_diag *diag)
{
	struct reading in = { .strings = strings };
	const struct lt_json_visitor visitor = {
		.member = parse_member,
		.records = "attempts", /* passed over: their groups say what they have in common */
		.arg = &in,
	};
	int err = lt_json_visit(buf, len, &visitor, diag);

	if (!err && !in.has_schema) {
		lt_diag_set(diag, "not a report (schema " SCHEMA ")");
		err = -EBADMSG;
	}
	if (err) {
		lt_fact_sheet_fini(&in.sheet);
		return err;
	}
	lt_facts_sort(&in.sheet.facts);
	lt_facts_sort(&in.sheet.sources);
	*out = in.sheet;
	return 0;
}
