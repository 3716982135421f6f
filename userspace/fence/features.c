/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Features of a file one by one, as texts that stand alone. See export.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fence/export.h"

static const char *crs_name(const json_t *root)
{
	const json_t *crs = json_object_get(root, "crs");

	return json_is_string(crs)
	               ? json_string_value(crs)
	               : json_string_value(json_object_get(json_object_get(crs, "properties"), "name"));
}

static int visit_one(json_t *feature, const char *crs, weir_feature_visit *visit, void *context)
{
	json_t *properties = json_object_get(feature, "properties");
	const json_t *own = json_object_get(properties, "crs");

	if (crs != NULL && (own == NULL || json_is_null(own)))
		json_object_set_new(properties, "crs", json_string(crs));
	json_object_del(feature, "crs"); /* of a file that is one Feature */
	char *text = json_dumps(feature, JSON_COMPACT | JSON_REAL_PRECISION(17));
	if (text == NULL)
		return -ENOMEM;
	int result = visit(context, json_string_value(json_object_get(properties, "id")), text);
	free(text);
	return result;
}

int weir_fence_features(const char *path, weir_feature_visit *visit, void *context)
{
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	json_t *features = json_object_get(root, "features"), *feature;
	char *crs = NULL;
	size_t index;
	int result = 0;

	if (root == NULL)
		return -EIO;
	if (crs_name(root) != NULL && (crs = strdup(crs_name(root))) == NULL) {
		result = -ENOMEM;
		goto out;
	}
	if (features == NULL)
		result = visit_one(root, crs, visit, context);
	json_array_foreach(features, index, feature)
	{
		result = visit_one(feature, crs, visit, context);
		if (result != 0)
			break;
	}
out:
	free(crs);
	json_decref(root);
	return result;
}
