SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM concepts c WHERE c.dataset_id = ANY($…::int[]) AND c.name IN ($…) AND TRUE ORDER BY c.index;

SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM concepts c WHERE id = ANY($…::int[]);

SELECT i.id, i.dataset_id AS "datasetId", i.index, i.file, i.split, i.height, i.width, i.mask_height AS "maskHeight", i.mask_width AS "maskWidth", i.class_index AS "classIndex", i.sha256 FROM images i WHERE id = ANY($…::int[]);

SELECT o.concept_id AS "conceptId", o.image_id AS "imageId", o.pixels, o.coverage FROM concept_images o JOIN concepts c ON c.id = o.concept_id WHERE o.image_id = ANY($…::int[]) ORDER BY o.image_id, o.coverage DESC, c.index LIMIT $…;

SELECT o.concept_id AS "conceptId", o.image_id AS "imageId", o.pixels, o.coverage FROM unnest($…::int[]) AS c(id) CROSS JOIN LATERAL ( SELECT o.* FROM concept_images o WHERE o.concept_id = c.id AND TRUE ORDER BY o.coverage DESC,o.image_id DESC LIMIT $…) o ORDER BY o.coverage DESC,o.image_id DESC LIMIT $…;

SELECT o.concept_id AS id, count(*)::int AS count FROM concept_images o WHERE o.concept_id = ANY($…::int[]) GROUP BY o.concept_id;

SELECT s.id, s.slug, s.name, s.kind, s.path, s.format, s.image_folder AS "imageFolder", s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE slug = ANY($…::text[]);
