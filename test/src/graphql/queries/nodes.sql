select "c"."id" as "id", "c"."dataset_id" as "datasetId", "c"."index" as "index", "c"."category" as "category", "c"."number" as "number", "c"."name" as "name", coalesce("c"."synonyms", '{}') as "synonyms", "c"."frequency" as "frequency", "c"."coverage" as "coverage" from "concepts" as "c" where "c"."id" = ANY($…::int4[]);

select "d"."id" as "id", "d"."layer_id" as "layerId", "d"."dataset_id" as "datasetId", "d"."tau" as "tau", "d"."basis" as "basis", "d"."basis_parameters" as "basisParameters", "d"."key" as "key", "d"."current" as "current", "d"."model_sha256" as "modelSha256", "d"."dataset_sha256" as "datasetSha256", "d"."engine" as "engine", "d"."engine_version" as "engineVersion", "d"."provider" as "provider", "d"."code_version" as "codeVersion", "d"."parameters" as "parameters", "d"."created_at" as "createdAt" from "dissections" as "d" where "d"."id" = ANY($…::int4[]);

select "i"."id" as "id", "i"."dataset_id" as "datasetId", "i"."index" as "index", "i"."file" as "file", "i"."split" as "split", "i"."height" as "height", "i"."width" as "width", "i"."mask_height" as "maskHeight", "i"."mask_width" as "maskWidth", "i"."class_index" as "classIndex" from "images" as "i" where "i"."id" = ANY($…::int4[]);

select "l"."id" as "id", "l"."model_id" as "modelId", "l"."name" as "name", "l"."index" as "index", "l"."unit_count" as "unitCount", "l"."grid_height" as "gridHeight", "l"."grid_width" as "gridWidth", "l"."rf_height" as "rfHeight", "l"."rf_width" as "rfWidth", "l"."stride_y" as "strideY", "l"."stride_x" as "strideX", "l"."offset_y" as "offsetY", "l"."offset_x" as "offsetX" from "layers" as "l" where "l"."id" = ANY($…::int4[]);

select "m"."id" as "id", "m"."slug" as "slug", "m"."name" as "name", "m"."format" as "format", "m"."sha256" as "sha256", "m"."architecture" as "architecture", "m"."training_data" as "trainingData", "m"."supervision" as "supervision", "m"."task" as "task", coalesce("m"."input_shape", '{}') as "inputShape", "m"."accuracy" as "accuracy", "m"."series_id" as "seriesId", "m"."iteration" as "iteration", "m"."created_at" as "createdAt" from "models" as "m" where "m"."id" = ANY($…::int4[]);

select "r"."id" as "id", "r"."slug" as "slug", "r"."name" as "name" from "series" as "r" where "r"."id" = ANY($…::int4[]);

select "s"."id" as "id", "s"."slug" as "slug", "s"."name" as "name", "s"."kind" as "kind", "s"."sha256" as "sha256", "s"."image_count" as "imageCount", coalesce("s"."classes", '{}') as "classes", "s"."created_at" as "createdAt" from "datasets" as "s" where "s"."id" = ANY($…::int4[]);

select "u"."id" as "id", "u"."dissection_id" as "dissectionId", "u"."index" as "index", "u"."threshold" as "threshold", "u"."silent" as "silent", "u"."max_activation" as "maxActivation", "u"."label_id" as "labelId", "u"."iou" as "iou", "u"."category" as "category" from "units" as "u" where "u"."id" = ANY($…::int4[]);
