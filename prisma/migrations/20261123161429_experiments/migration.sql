-- CreateEnum
CREATE TYPE "ExperimentKind" AS ENUM ('ROTATION', 'TAU_SWEEP');

-- CreateEnum
CREATE TYPE "ConceptRelation" AS ENUM ('SHAPE', 'TEXTURE', 'COLOR', 'OBJECT_TYPE', 'NONE');

-- CreateTable
CREATE TABLE "concept_images" (
    "concept_id" INTEGER NOT NULL,
    "image_id" INTEGER NOT NULL,
    "pixels" INTEGER NOT NULL,
    "coverage" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "concept_images_pkey" PRIMARY KEY ("concept_id","image_id")
);

-- CreateTable
CREATE TABLE "concept_profiles" (
    "concept_id" INTEGER NOT NULL,
    "colors" DOUBLE PRECISION[],
    "patterns" DOUBLE PRECISION[],

    CONSTRAINT "concept_profiles_pkey" PRIMARY KEY ("concept_id")
);

-- CreateTable
CREATE TABLE "experiments" (
    "id" SERIAL NOT NULL,
    "kind" "ExperimentKind" NOT NULL,
    "layer_id" INTEGER NOT NULL,
    "dataset_id" INTEGER NOT NULL,
    "parameters" JSONB NOT NULL,
    "key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "experiments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "experiment_dissections" (
    "experiment_id" INTEGER NOT NULL,
    "dissection_id" INTEGER NOT NULL,

    CONSTRAINT "experiment_dissections_pkey" PRIMARY KEY ("experiment_id","dissection_id")
);

-- CreateTable
CREATE TABLE "verdicts" (
    "id" SERIAL NOT NULL,
    "before_layer_id" INTEGER NOT NULL,
    "after_layer_id" INTEGER NOT NULL,
    "unit" INTEGER NOT NULL,
    "from_id" INTEGER NOT NULL,
    "to_id" INTEGER NOT NULL,
    "relation" "ConceptRelation" NOT NULL,
    "author" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verdicts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "concept_images_concept_id_coverage_image_id_idx" ON "concept_images"("concept_id", "coverage" DESC, "image_id" DESC);

-- CreateIndex
CREATE INDEX "concept_images_image_id_idx" ON "concept_images"("image_id");

-- CreateIndex
CREATE UNIQUE INDEX "experiments_key_key" ON "experiments"("key");

-- CreateIndex
CREATE INDEX "experiments_layer_id_idx" ON "experiments"("layer_id");

-- CreateIndex
CREATE INDEX "experiments_dataset_id_idx" ON "experiments"("dataset_id");

-- CreateIndex
CREATE INDEX "experiment_dissections_dissection_id_idx" ON "experiment_dissections"("dissection_id");

-- CreateIndex
CREATE INDEX "verdicts_after_layer_id_idx" ON "verdicts"("after_layer_id");

-- CreateIndex
CREATE INDEX "verdicts_from_id_idx" ON "verdicts"("from_id");

-- CreateIndex
CREATE INDEX "verdicts_to_id_idx" ON "verdicts"("to_id");

-- CreateIndex
CREATE UNIQUE INDEX "verdicts_before_layer_id_after_layer_id_unit_from_id_to_id__key" ON "verdicts"("before_layer_id", "after_layer_id", "unit", "from_id", "to_id", "author");

-- AddForeignKey
ALTER TABLE "concept_images" ADD CONSTRAINT "concept_images_concept_id_fkey" FOREIGN KEY ("concept_id") REFERENCES "concepts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "concept_images" ADD CONSTRAINT "concept_images_image_id_fkey" FOREIGN KEY ("image_id") REFERENCES "images"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "concept_profiles" ADD CONSTRAINT "concept_profiles_concept_id_fkey" FOREIGN KEY ("concept_id") REFERENCES "concepts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiments" ADD CONSTRAINT "experiments_layer_id_fkey" FOREIGN KEY ("layer_id") REFERENCES "layers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiments" ADD CONSTRAINT "experiments_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_dissections" ADD CONSTRAINT "experiment_dissections_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_dissections" ADD CONSTRAINT "experiment_dissections_dissection_id_fkey" FOREIGN KEY ("dissection_id") REFERENCES "dissections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verdicts" ADD CONSTRAINT "verdicts_before_layer_id_fkey" FOREIGN KEY ("before_layer_id") REFERENCES "layers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verdicts" ADD CONSTRAINT "verdicts_after_layer_id_fkey" FOREIGN KEY ("after_layer_id") REFERENCES "layers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verdicts" ADD CONSTRAINT "verdicts_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "concepts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verdicts" ADD CONSTRAINT "verdicts_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "concepts"("id") ON DELETE CASCADE ON UPDATE CASCADE;


