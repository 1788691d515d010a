-- Which engines there are is said in code: a model's format is a name, not a type of its own.
ALTER TABLE "models" ALTER COLUMN "format" TYPE TEXT USING "format"::text;
DROP TYPE "ModelFormat";
