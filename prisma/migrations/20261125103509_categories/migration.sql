-- Categories are names of the dataset's own; what the store has keeps its spelling.
ALTER TABLE "dataset_categories" ALTER COLUMN "category" SET DATA TYPE TEXT USING "category"::TEXT;
ALTER TABLE "concepts" ALTER COLUMN "category" SET DATA TYPE TEXT USING "category"::TEXT;
ALTER TABLE "units" ALTER COLUMN "category" SET DATA TYPE TEXT USING "category"::TEXT;
ALTER TABLE "unit_categories" ALTER COLUMN "category" SET DATA TYPE TEXT USING "category"::TEXT;

-- DropEnum
DROP TYPE "Category";
