-- CreateEnum
CREATE TYPE "DatasetKind" AS ENUM ('BRODEN', 'LABELLED', 'UPLOADS');

-- CreateEnum
CREATE TYPE "HeadKind" AS ENUM ('OWN', 'SVM');

-- CreateEnum
CREATE TYPE "AblationMethod" AS ENUM ('EXACT', 'RERUN');

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "JobKind" ADD VALUE 'EXPERIMENT';
ALTER TYPE "JobKind" ADD VALUE 'EXPLAIN';

-- AlterTable
ALTER TABLE "datasets" ADD COLUMN     "classes" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "kind" "DatasetKind" NOT NULL DEFAULT 'BRODEN';

-- AlterTable
ALTER TABLE "images" ADD COLUMN     "class_index" INTEGER,
ADD COLUMN     "sha256" TEXT;

-- CreateTable
CREATE TABLE "uploads" (
    "image_id" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "uploads_pkey" PRIMARY KEY ("image_id")
);

-- CreateTable
CREATE TABLE "features" (
    "layer_id" INTEGER NOT NULL,
    "image_id" INTEGER NOT NULL,
    "sums" BYTEA NOT NULL,
    "maps" BYTEA,

    CONSTRAINT "features_pkey" PRIMARY KEY ("layer_id","image_id")
);

-- CreateTable
CREATE TABLE "heads" (
    "id" SERIAL NOT NULL,
    "layer_id" INTEGER NOT NULL,
    "kind" "HeadKind" NOT NULL,
    "dataset_id" INTEGER,
    "parameters" JSONB NOT NULL,
    "key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "heads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "head_classes" (
    "head_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "weights" BYTEA NOT NULL,
    "bias" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "head_classes_pkey" PRIMARY KEY ("head_id","index")
);

-- CreateTable
CREATE TABLE "evaluations" (
    "head_id" INTEGER NOT NULL,
    "dataset_id" INTEGER NOT NULL,
    "image_count" INTEGER NOT NULL,
    "accuracy" DOUBLE PRECISION NOT NULL,
    "class_accuracies" JSONB NOT NULL,

    CONSTRAINT "evaluations_pkey" PRIMARY KEY ("head_id","dataset_id")
);

-- CreateTable
CREATE TABLE "predictions" (
    "id" SERIAL NOT NULL,
    "head_id" INTEGER NOT NULL,
    "image_id" INTEGER NOT NULL,
    "predicted" INTEGER NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "true_class" INTEGER,
    "wrong" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "predictions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ablations" (
    "id" SERIAL NOT NULL,
    "layer_id" INTEGER NOT NULL,
    "head_id" INTEGER,
    "dataset_id" INTEGER NOT NULL,
    "method" "AblationMethod" NOT NULL,
    "image_count" INTEGER NOT NULL,
    "parameters" JSONB NOT NULL,
    "key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ablations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ablation_classes" (
    "ablation_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "image_count" INTEGER NOT NULL,
    "score_drops" DOUBLE PRECISION[],
    "accuracy_drops" DOUBLE PRECISION[],

    CONSTRAINT "ablation_classes_pkey" PRIMARY KEY ("ablation_id","index")
);

-- CreateIndex
CREATE INDEX "features_image_id_idx" ON "features"("image_id");

-- CreateIndex
CREATE UNIQUE INDEX "heads_key_key" ON "heads"("key");

-- CreateIndex
CREATE INDEX "heads_layer_id_idx" ON "heads"("layer_id");

-- CreateIndex
CREATE INDEX "heads_dataset_id_idx" ON "heads"("dataset_id");

-- CreateIndex
CREATE INDEX "head_classes_head_id_name_idx" ON "head_classes"("head_id", "name");

-- CreateIndex
CREATE INDEX "evaluations_dataset_id_idx" ON "evaluations"("dataset_id");

-- CreateIndex
CREATE INDEX "predictions_image_id_idx" ON "predictions"("image_id");

-- CreateIndex
CREATE INDEX "predictions_head_id_wrong_true_class_predicted_id_idx" ON "predictions"("head_id", "wrong", "true_class", "predicted", "id");

-- CreateIndex
CREATE UNIQUE INDEX "predictions_head_id_image_id_key" ON "predictions"("head_id", "image_id");

-- CreateIndex
CREATE UNIQUE INDEX "ablations_key_key" ON "ablations"("key");

-- CreateIndex
CREATE INDEX "ablations_layer_id_idx" ON "ablations"("layer_id");

-- CreateIndex
CREATE INDEX "ablations_head_id_idx" ON "ablations"("head_id");

-- CreateIndex
CREATE INDEX "ablations_dataset_id_idx" ON "ablations"("dataset_id");

-- CreateIndex
CREATE UNIQUE INDEX "images_dataset_id_sha256_key" ON "images"("dataset_id", "sha256");

-- AddForeignKey
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_image_id_fkey" FOREIGN KEY ("image_id") REFERENCES "images"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "features" ADD CONSTRAINT "features_layer_id_fkey" FOREIGN KEY ("layer_id") REFERENCES "layers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "features" ADD CONSTRAINT "features_image_id_fkey" FOREIGN KEY ("image_id") REFERENCES "images"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "heads" ADD CONSTRAINT "heads_layer_id_fkey" FOREIGN KEY ("layer_id") REFERENCES "layers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "heads" ADD CONSTRAINT "heads_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "head_classes" ADD CONSTRAINT "head_classes_head_id_fkey" FOREIGN KEY ("head_id") REFERENCES "heads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_head_id_fkey" FOREIGN KEY ("head_id") REFERENCES "heads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_head_id_fkey" FOREIGN KEY ("head_id") REFERENCES "heads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_image_id_fkey" FOREIGN KEY ("image_id") REFERENCES "images"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ablations" ADD CONSTRAINT "ablations_layer_id_fkey" FOREIGN KEY ("layer_id") REFERENCES "layers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ablations" ADD CONSTRAINT "ablations_head_id_fkey" FOREIGN KEY ("head_id") REFERENCES "heads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ablations" ADD CONSTRAINT "ablations_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ablation_classes" ADD CONSTRAINT "ablation_classes_ablation_id_fkey" FOREIGN KEY ("ablation_id") REFERENCES "ablations"("id") ON DELETE CASCADE ON UPDATE CASCADE;


