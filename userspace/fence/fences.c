/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fence files to a set of fences, and the set's public face. Reading goes on after a problem, so that
 * all of them are told in one go; a set with a problem is never handed out.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fence/crs.h"
#include "fence/digest.h"
#include "fence/growing.h"
#include "fence/loader.h"
#include "fence/window_load.h"

/* A coastline in full detail is some hundred megabytes; more than this is not a file of fences. */
#define FILE_MAX (512u << 20)

/* One nautical mile: two minutes at 30 knots, more than ships that fast are silent (ITU-R M.1371-5 table 1).
 */
#define CROSSING_MARGIN_M 1852.0

static void keep_geos_error(const char *message, void *context)
{
	struct weir_loader *loader = context;

	snprintf(loader->geos_error, sizeof(loader->geos_error), "%s", message);
}

static bool make_room(struct weir_loader *loader)
{
	struct weir_fences *set = loader->set;
	void *moved = weir_growing(set->items, &set->capacity, set->count + 1, sizeof(*set->items));

	if (moved == NULL)
		return false;
	set->items = moved;
	moved = weir_growing(loader->origins, &loader->origin_capacity, set->count + 1,
	                     sizeof(*loader->origins));
	if (moved == NULL)
		return false;
	loader->origins = moved;
	return true;
}

static bool has_rule(const struct weir_fence *fence, enum weir_rule_kind kind)
{
	for (size_t i = 0; i < fence->rule_count; i++)
		if (fence->rules[i].kind == kind)
			return true;
	return false;
}

/*
 * What is passed through between two fixes needs a fix on either side of it, so that the default margin must
 * be as wide as two fixes may be apart. Who gives the fence a margin of its own knows better.
 */
static void settle_margin(const struct weir_loader *loader, struct weir_fence *fence)
{
	bool is_passed = fence->kind == WEIR_FENCE_GATE || has_rule(fence, WEIR_RULE_CROSS);

	if (isnan(fence->margin_m))
		fence->margin_m = is_passed ? fmax(loader->margin_m, CROSSING_MARGIN_M) : loader->margin_m;
}

static void load_feature(struct weir_loader *loader, const json_t *feature)
{
	struct weir_fences *set = loader->set;

	loader->id = NULL;
	const char *type = json_string_value(json_object_get(feature, "type"));
	if (type == NULL || strcmp(type, "Feature") != 0) {
		weir_loader_complain(loader, "must be an object of type 'Feature'");
		return;
	}
	if (!make_room(loader)) {
		loader->out_of_memory = true;
		return;
	}
	loader->origins[set->count] = (struct weir_origin){loader->file, loader->place};
	struct weir_fence *fence = &set->items[set->count++];
	*fence = (struct weir_fence){0};
	weir_load_properties(loader, json_object_get(feature, "properties"), fence);
	weir_load_geometry(loader, json_object_get(feature, "geometry"), fence, (uint32_t)set->count - 1);
	settle_margin(loader, fence);
}

/* {"type":"name","properties":{"name":"..."}} as in GeoJSON 2008, or the name alone. */
static void load_file_crs(struct weir_loader *loader, const json_t *root)
{
	const json_t *crs = json_object_get(root, "crs");
	const char *name = json_string_value(crs);

	loader->file_crs = NULL;
	loader->file_crs_failed = false;
	if (crs == NULL || json_is_null(crs))
		return;
	if (name == NULL)
		name = json_string_value(json_object_get(json_object_get(crs, "properties"), "name"));
	if (name != NULL) {
		loader->file_crs_failed = !weir_load_crs(loader, name, &loader->file_crs);
		return;
	}
	weir_loader_complain(loader, "'crs' of a file must be a name such as \"EPSG:25831\"");
	loader->file_crs_failed = true;
}

static void load_collection(struct weir_loader *loader, const json_t *features, const char *text,
                            size_t length)
{
	size_t count = json_array_size(features);
	struct weir_place *places = calloc(count + 1, sizeof(*places));

	if (places == NULL) {
		loader->out_of_memory = true;
		return;
	}
	weir_feature_places(text, length, places, count);
	for (size_t i = 0; i < count && !loader->out_of_memory; i++) {
		loader->feature = i + 1;
		loader->place = places[i];
		load_feature(loader, json_array_get(features, i));
	}
	free(places);
}

static void load_text(struct weir_loader *loader, const char *text, size_t length)
{
	json_error_t error;
	json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);

	loader->feature = 0;
	loader->place = (struct weir_place){0, 0};
	if (root == NULL) {
		weir_problem_add(loader->problems, loader->file, error.line < 0 ? 0 : (uint32_t)error.line,
		                 error.column < 0 ? 0 : (uint32_t)error.column, "not valid JSON: %s",
		                 error.text);
		return;
	}

	const char *type = json_string_value(json_object_get(root, "type"));
	const json_t *features = json_object_get(root, "features");
	load_file_crs(loader, root);
	if (loader->given_id != NULL && (type == NULL || strcmp(type, "Feature") != 0)) {
		weir_loader_complain(loader, "must be a GeoJSON Feature");
	} else if (type != NULL && strcmp(type, "FeatureCollection") == 0 && json_is_array(features)) {
		load_collection(loader, features, text, length);
	} else if (type != NULL && strcmp(type, "Feature") == 0) {
		loader->feature = 1;
		loader->place = (struct weir_place){1, 1};
		load_feature(loader, root);
	} else {
		weir_loader_complain(loader,
		                     "must be a GeoJSON FeatureCollection with 'features', or a Feature");
	}
	json_decref(root);
}

/* The whole file. Returns 0 or a negative errno. */
static int read_file(const char *path, char **text, size_t *length)
{
	FILE *file = fopen(path, "re");
	char *bytes = NULL;
	size_t capacity = 0, count = 0;
	int error = 0;

	if (file == NULL)
		return -errno;
	for (;;) {
		void *moved = weir_growing(bytes, &capacity, count + 65536, 1);
		if (moved == NULL) {
			error = -ENOMEM;
			break;
		}
		bytes = moved;
		size_t got = fread(bytes + count, 1, capacity - count, file);
		count += got;
		if (count > FILE_MAX)
			error = -EFBIG;
		else if (ferror(file))
			error = errno == 0 ? -EIO : -errno;
		if (got == 0 || error != 0)
			break;
	}
	fclose(file);
	if (error != 0) {
		free(bytes);
		return error;
	}
	*text = bytes;
	*length = count;
	return 0;
}

static int load_file(struct weir_loader *loader, const char *path)
{
	char *text = NULL;
	size_t length = 0;
	int error = read_file(path, &text, &length);

	if (error != 0) {
		weir_problem_add(loader->problems, path, 0, 0, "can't be read: %s", strerror(-error));
		return error;
	}
	loader->file = path;
	load_text(loader, text, length);
	free(text);
	return 0;
}

struct named {
	const char *id;
	size_t index;
};

static int compare_named(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	int order = strcmp(a->id, b->id);

	return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static void check_duplicates(struct weir_loader *loader)
{
	const struct weir_fences *set = loader->set;
	struct named *names = calloc(set->count + 1, sizeof(*names));
	size_t count = 0;

	if (names == NULL) {
		loader->out_of_memory = true;
		return;
	}
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].id != NULL)
			names[count++] = (struct named){set->items[i].id, i};
	qsort(names, count, sizeof(*names), compare_named);
	for (size_t i = 1, first = 0; i < count; i++) {
		if (strcmp(names[first].id, names[i].id) != 0) {
			first = i;
			continue;
		}
		const struct weir_origin *one = &loader->origins[names[first].index];
		const struct weir_origin *other = &loader->origins[names[i].index];
		weir_problem_add(loader->problems, other->file, other->place.line, other->place.column,
		                 "the id '%s' is taken by the fence at %s:%u:%u", names[i].id, one->file,
		                 one->place.line, one->place.column);
	}
	free(names);
}

static void check_count(struct weir_loader *loader)
{
	if (loader->set->count <= WEIR_FENCES_MAX)
		return;
	const struct weir_origin *beyond = &loader->origins[WEIR_FENCES_MAX];

	weir_problem_add(loader->problems, beyond->file, beyond->place.line, beyond->place.column,
	                 "%zu fences are too many: there is room for %d", loader->set->count,
	                 WEIR_FENCES_MAX);
}

static void find_parts_in(struct weir_parts *all, const struct weir_shapes *shapes)
{
	for (uint32_t i = 0; i < shapes->count; i++) {
		struct weir_parts *parts = &all[shapes->shapes[i].owner];

		if (parts->count++ == 0)
			parts->first = i;
	}
}

static int find_parts(struct weir_fences *set)
{
	set->parts = calloc(set->count + 1, sizeof(*set->parts));
	if (set->parts == NULL)
		return -ENOMEM;
	find_parts_in(set->parts, &set->shapes);
	find_parts_in(set->parts, &set->gates);
	return 0;
}

static int make_digests(struct weir_fences *set)
{
	set->digests = calloc(set->count + 1, sizeof(*set->digests));
	if (set->digests == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < set->count; i++)
		set->digests[i] = weir_fence_digest_of(&set->items[i]);
	return 0;
}

static int build_index(struct weir_shapes *shapes, struct weir_grid *grid)
{
	int error = weir_shapes_finish(shapes);

	return error != 0 ? error : weir_grid_build(grid, shapes);
}

static int load(struct weir_loader *loader, const struct weir_fence_options *options)
{
	size_t before = loader->problems->count;
	int result = 0;

	for (size_t i = 0; i < options->file_count; i++) {
		int error = load_file(loader, options->files[i]);
		if (result == 0)
			result = error;
	}
	for (size_t i = 0; i < options->text_count; i++) {
		loader->file = options->texts[i].name;
		loader->given_id = options->texts[i].id;
		load_text(loader, options->texts[i].text, options->texts[i].length);
	}
	check_duplicates(loader);
	check_count(loader);
	weir_check_windows_together(loader);
	if (loader->out_of_memory)
		return -ENOMEM;
	if (loader->problems->count != before)
		return result != 0 ? result : -EINVAL;

	struct weir_fences *set = loader->set;
	int error = weir_fences_sort(set);
	if (error == 0)
		error = find_parts(set);
	if (error == 0)
		error = make_digests(set);
	if (error == 0)
		error = build_index(&set->shapes, &set->grid);
	return error != 0 ? error : build_index(&set->gates, &set->gate_grid);
}

int weir_fences_load(struct weir_fences **out, const struct weir_fence_options *options,
                     struct weir_problems *problems)
{
	struct weir_loader loader = {.problems = problems, .margin_m = options->margin_m};
	int error = -ENOMEM;

	loader.set = calloc(1, sizeof(*loader.set));
	loader.geos = GEOS_init_r();
	if (loader.set == NULL || loader.geos == NULL)
		goto out;
	GEOSContext_setErrorMessageHandler_r(loader.geos, keep_geos_error, &loader);

	error = load(&loader, options);
	if (error != 0)
		goto out;
	loader.set->transformations = weir_crs_set_describe(loader.crs_set);
	*out = loader.set;
	loader.set = NULL;
out:
	free(loader.origins);
	weir_crs_set_free(loader.crs_set);
	if (loader.geos != NULL)
		GEOS_finish_r(loader.geos);
	weir_fences_free(loader.set);
	return error;
}

size_t weir_fences_count(const struct weir_fences *fences)
{
	return fences->count;
}

const struct weir_fence_digest *weir_fences_digests(const struct weir_fences *fences)
{
	return fences->digests;
}

const struct weir_fence *weir_fences_get(const struct weir_fences *fences, size_t index)
{
	return &fences->items[index];
}

size_t weir_fences_locate(const struct weir_fences *fences, double longitude_deg, double latitude_deg,
                          uint32_t *indices, size_t capacity)
{
	return weir_grid_locate(&fences->grid, &fences->shapes, longitude_deg, latitude_deg, indices,
	                        capacity);
}

/* Its members are constant for everybody else. */
static void free_fence(struct weir_fence *fence)
{
	free((char *)(uintptr_t)fence->id);
	free((char *)(uintptr_t)fence->name);
	free((void *)(uintptr_t)fence->filter.mmsis);
	weir_schedule_free((struct weir_schedule *)(uintptr_t)fence->schedule);
}

void weir_fences_free(struct weir_fences *fences)
{
	if (fences == NULL)
		return;
	for (size_t i = 0; i < fences->count; i++)
		free_fence(&fences->items[i]);
	weir_time_zones_free(fences->zones);
	free(fences->items);
	free(fences->parts);
	free(fences->digests);
	free(fences->transformations);
	weir_grid_clear(&fences->grid);
	weir_grid_clear(&fences->gate_grid);
	weir_shapes_clear(&fences->shapes);
	weir_shapes_clear(&fences->gates);
	free(fences);
}
