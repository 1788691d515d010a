-- A unit whose IoU is 0 with every concept, such as one that never fires, was given the first concept as its label. It has none.
UPDATE "units" SET "label_id" = NULL, "category" = NULL WHERE "iou" = 0 AND "label_id" IS NOT NULL;
