// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes measurements of `ltpin bench` as JSON. */
#include "render/json/json.h"

static void put_interval(struct lt_json *json, struct lt_interval interval)
{
	lt_json_array(json, "ci95");
	lt_json_double(json, NULL, interval.low);
	lt_json_double(json, NULL, interval.high);
	lt_json_close(json);
}

static void put_time(struct lt_json *json, const char *key, const struct lt_bench_time *time)
{
	lt_json_object(json, key);
	lt_json_double(json, "median", time->median);
	put_interval(json, time->ci95);
	lt_json_close(json);
}

static void put_cost(struct lt_json *json, const struct lt_bench_cost *cost)
{
	lt_json_object(json, NULL);
	lt_json_bool(json, "movable", cost->is_movable);
	lt_json_bool(json, "in_scope", cost->in_scope);
	lt_json_u64(json, "nr_samples", cost->nr_samples);
	put_time(json, "alloc", &cost->alloc);
	put_time(json, "free", &cost->free);
	lt_json_close(json);
}

static void put_chance(struct lt_json *json, const struct lt_bench_chance *chance)
{
	lt_json_object(json, NULL);
	lt_json_string(json, "way", chance->way);
	lt_json_u64(json, "retries", chance->retries);
	lt_json_u64(json, "nr_cma", chance->nr_cma);
	lt_json_u64(json, "nr_other", chance->nr_other);
	lt_json_u64(json, "nr_samples", chance->nr_samples);
	lt_json_u64(json, "nr_landed", chance->nr_landed);
	put_interval(json, chance->ci95);
	lt_json_close(json);
}

static void put_held(struct lt_json *json, const char *key, const struct lt_bench_held *held)
{
	lt_json_object(json, key);
	lt_json_num(json, "before", held->before);
	lt_json_num(json, "during", held->during);
	lt_json_close(json);
}

static void put_reserve(struct lt_json *json, const struct lt_bench_reserve *reserve)
{
	if (!reserve->nr_requests.known)
		return;
	lt_json_object(json, "reserve");
	lt_json_num(json, "nr_requests", reserve->nr_requests);
	put_held(json, "in_scope", &reserve->in_scope);
	put_held(json, "outside", &reserve->outside);
	lt_json_close(json);
}

void json_bench(struct lt_json *json, const struct lt_bench *bench)
{
	lt_json_string(json, "release", bench->release);
	lt_json_string(json, "scope", bench->scope);
	if (bench->costs.nr)
		lt_json_string(json, "unit", lt_bench_unit_name(bench->unit));
	lt_json_array(json, "costs");
	lt_vec_each(cost, &bench->costs)
		put_cost(json, cost);
	lt_json_close(json);
	lt_json_array(json, "chances");
	lt_vec_each(chance, &bench->chances)
		put_chance(json, chance);
	lt_json_close(json);
	lt_json_num(json, "nr_movable", bench->nr_movable);
	lt_json_num(json, "nr_managed", bench->nr_managed);
	put_reserve(json, &bench->reserve);
	lt_json_array(json, "notes");
	lt_vec_each(note, &bench->notes)
		lt_json_string(json, NULL, *note);
	lt_json_close(json);
}
