SELECT c.id, c.dataset_id AS "datasetId", c.index, c.category, c.number, c.name, coalesce(c.synonyms, '{}') AS synonyms, c.frequency, c.coverage FROM concepts c WHERE c.dataset_id = ANY($…::int[]) AND c.name IN ($…) AND TRUE ORDER BY c.index;

SELECT i.id, i.dataset_id AS "datasetId", i.index, i.file, i.split, i.height, i.width, i.mask_height AS "maskHeight", i.mask_width AS "maskWidth", i.class_index AS "classIndex", i.sha256 FROM images i WHERE id = ANY($…::int[]);

SELECT o.concept_id AS "conceptId", o.image_id AS "imageId", o.pixels, o.coverage FROM unnest($…::int[]) AS c(id) CROSS JOIN LATERAL ( SELECT o.* FROM concept_images o WHERE o.concept_id = c.id AND TRUE ORDER BY o.coverage DESC,o.image_id DESC LIMIT $…) o ORDER BY o.coverage DESC,o.image_id DESC LIMIT $…;

SELECT s.id, s.slug, s.name, s.kind, s.path, s.format, s.image_folder AS "imageFolder", s.sha256, s.image_count AS "imageCount", coalesce(s.classes, '{}') AS classes, s.created_at AS "createdAt" FROM datasets s WHERE slug = ANY($…::text[]);

SELECT t.* FROM unnest($…::int[]) AS i(id) CROSS JOIN LATERAL ( SELECT t.unit_id AS "unitId", t.rank, t.image_id AS "imageId", t.max_activation AS "maxActivation" FROM top_images t JOIN units u ON u.id = t.unit_id JOIN dissections d ON d.id = u.dissection_id AND d.current AND d.basis = 'IDENTITY' AND d.tau IN ($…)::float8 JOIN layers l ON l.id = d.layer_id JOIN models m ON m.id = l.model_id WHERE t.image_id = i.id AND m.slug IN ($…) ORDER BY t.rank, t.unit_id LIMIT $…) t ORDER BY t."imageId", t.rank, t."unitId" LIMIT $…;

SELECT u.id, u.dissection_id AS "dissectionId", u.index, u.threshold, u.silent, u.max_activation AS "maxActivation", u.label_id AS "labelId", u.iou, u.category FROM units u WHERE id = ANY($…::int[]);
