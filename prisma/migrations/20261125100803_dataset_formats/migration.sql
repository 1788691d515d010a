-- AlterTable
ALTER TABLE "datasets" ADD COLUMN     "format" TEXT,
ADD COLUMN     "image_folder" TEXT NOT NULL DEFAULT '';



-- What was registered before lies in the layout of Broden.
UPDATE "datasets" SET "format" = 'broden' WHERE "kind" = 'BRODEN' AND "path" IS NOT NULL;
UPDATE "datasets" SET "image_folder" = 'images' WHERE "kind" = 'BRODEN';
