-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Category" AS ENUM ('SCENE', 'OBJECT', 'PART', 'MATERIAL', 'TEXTURE', 'COLOR');

-- CreateEnum
CREATE TYPE "Supervision" AS ENUM ('SUPERVISED', 'SELF_SUPERVISED', 'NONE');

-- CreateEnum
CREATE TYPE "ModelFormat" AS ENUM ('ONNX', 'TALLY');

-- CreateEnum
CREATE TYPE "Basis" AS ENUM ('IDENTITY', 'ROTATION');

-- CreateTable
CREATE TABLE "datasets" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "path" TEXT,
    "sha256" TEXT,
    "image_count" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "datasets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_categories" (
    "dataset_id" INTEGER NOT NULL,
    "category" "Category" NOT NULL,
    "index" INTEGER NOT NULL,

    CONSTRAINT "dataset_categories_pkey" PRIMARY KEY ("dataset_id","category")
);

-- CreateTable
CREATE TABLE "concepts" (
    "id" SERIAL NOT NULL,
    "dataset_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "category" "Category" NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "synonyms" TEXT[],
    "frequency" INTEGER NOT NULL,
    "coverage" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "concepts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "images" (
    "id" SERIAL NOT NULL,
    "dataset_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "file" TEXT NOT NULL,
    "split" TEXT NOT NULL,
    "height" INTEGER NOT NULL,
    "width" INTEGER NOT NULL,
    "mask_height" INTEGER NOT NULL,
    "mask_width" INTEGER NOT NULL,

    CONSTRAINT "images_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "series" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "models" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "format" "ModelFormat" NOT NULL,
    "path" TEXT,
    "sha256" TEXT NOT NULL,
    "architecture" TEXT,
    "training_data" TEXT,
    "supervision" "Supervision",
    "task" TEXT,
    "input_shape" INTEGER[],
    "mean" DOUBLE PRECISION[],
    "std" DOUBLE PRECISION[],
    "classes" TEXT[],
    "accuracy" DOUBLE PRECISION,
    "series_id" INTEGER,
    "iteration" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "models_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "layers" (
    "id" SERIAL NOT NULL,
    "model_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "unit_count" INTEGER NOT NULL,
    "grid_height" INTEGER NOT NULL,
    "grid_width" INTEGER NOT NULL,
    "rf_height" DOUBLE PRECISION,
    "rf_width" DOUBLE PRECISION,
    "stride_y" DOUBLE PRECISION NOT NULL,
    "stride_x" DOUBLE PRECISION NOT NULL,
    "offset_y" DOUBLE PRECISION NOT NULL,
    "offset_x" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "layers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dissections" (
    "id" SERIAL NOT NULL,
    "layer_id" INTEGER NOT NULL,
    "dataset_id" INTEGER NOT NULL,
    "tau" DOUBLE PRECISION NOT NULL,
    "basis" "Basis" NOT NULL DEFAULT 'IDENTITY',
    "basis_parameters" JSONB,
    "key" TEXT NOT NULL,
    "current" BOOLEAN NOT NULL DEFAULT true,
    "model_sha256" TEXT NOT NULL,
    "dataset_sha256" TEXT,
    "engine" TEXT NOT NULL,
    "engine_version" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "code_version" TEXT NOT NULL,
    "parameters" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dissections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "units" (
    "id" SERIAL NOT NULL,
    "dissection_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "threshold" DOUBLE PRECISION,
    "silent" BOOLEAN NOT NULL,
    "max_activation" DOUBLE PRECISION,
    "label_id" INTEGER,
    "iou" DOUBLE PRECISION NOT NULL,
    "category" "Category",

    CONSTRAINT "units_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "unit_scores" (
    "unit_id" INTEGER NOT NULL,
    "concept_id" INTEGER NOT NULL,
    "iou" DOUBLE PRECISION NOT NULL,
    "intersection" BIGINT NOT NULL,
    "union" BIGINT NOT NULL,

    CONSTRAINT "unit_scores_pkey" PRIMARY KEY ("unit_id","concept_id")
);

-- CreateTable
CREATE TABLE "unit_categories" (
    "unit_id" INTEGER NOT NULL,
    "category" "Category" NOT NULL,
    "activated" BIGINT NOT NULL,
    "best_id" INTEGER,
    "best_iou" DOUBLE PRECISION NOT NULL,
    "best_intersection" BIGINT NOT NULL DEFAULT 0,
    "best_union" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "unit_categories_pkey" PRIMARY KEY ("unit_id","category")
);

-- CreateTable
CREATE TABLE "top_images" (
    "unit_id" INTEGER NOT NULL,
    "rank" INTEGER NOT NULL,
    "image_id" INTEGER NOT NULL,
    "max_activation" DOUBLE PRECISION NOT NULL,
    "map" BYTEA NOT NULL,

    CONSTRAINT "top_images_pkey" PRIMARY KEY ("unit_id","rank")
);

-- CreateIndex
CREATE UNIQUE INDEX "datasets_slug_key" ON "datasets"("slug");

-- CreateIndex
CREATE INDEX "concepts_dataset_id_name_idx" ON "concepts"("dataset_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "concepts_dataset_id_index_key" ON "concepts"("dataset_id", "index");

-- CreateIndex
CREATE UNIQUE INDEX "concepts_dataset_id_category_name_key" ON "concepts"("dataset_id", "category", "name");

-- CreateIndex
CREATE UNIQUE INDEX "images_dataset_id_index_key" ON "images"("dataset_id", "index");

-- CreateIndex
CREATE UNIQUE INDEX "series_slug_key" ON "series"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "models_slug_key" ON "models"("slug");

-- CreateIndex
CREATE INDEX "models_series_id_iteration_idx" ON "models"("series_id", "iteration");

-- CreateIndex
CREATE UNIQUE INDEX "layers_model_id_name_key" ON "layers"("model_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "dissections_key_key" ON "dissections"("key");

-- CreateIndex
CREATE INDEX "dissections_layer_id_dataset_id_tau_basis_idx" ON "dissections"("layer_id", "dataset_id", "tau", "basis");

-- CreateIndex
CREATE INDEX "dissections_dataset_id_idx" ON "dissections"("dataset_id");

-- CreateIndex
CREATE INDEX "units_label_id_iou_id_idx" ON "units"("label_id", "iou" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "units_dissection_id_iou_id_idx" ON "units"("dissection_id", "iou" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "units_category_iou_id_idx" ON "units"("category", "iou" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "units_dissection_id_index_key" ON "units"("dissection_id", "index");

-- CreateIndex
CREATE INDEX "unit_scores_concept_id_iou_unit_id_idx" ON "unit_scores"("concept_id", "iou" DESC, "unit_id" DESC);

-- CreateIndex
CREATE INDEX "top_images_image_id_idx" ON "top_images"("image_id");

-- AddForeignKey
ALTER TABLE "dataset_categories" ADD CONSTRAINT "dataset_categories_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "concepts" ADD CONSTRAINT "concepts_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "images" ADD CONSTRAINT "images_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "models" ADD CONSTRAINT "models_series_id_fkey" FOREIGN KEY ("series_id") REFERENCES "series"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "layers" ADD CONSTRAINT "layers_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "models"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dissections" ADD CONSTRAINT "dissections_layer_id_fkey" FOREIGN KEY ("layer_id") REFERENCES "layers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dissections" ADD CONSTRAINT "dissections_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "units" ADD CONSTRAINT "units_dissection_id_fkey" FOREIGN KEY ("dissection_id") REFERENCES "dissections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "units" ADD CONSTRAINT "units_label_id_fkey" FOREIGN KEY ("label_id") REFERENCES "concepts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit_scores" ADD CONSTRAINT "unit_scores_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "units"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit_scores" ADD CONSTRAINT "unit_scores_concept_id_fkey" FOREIGN KEY ("concept_id") REFERENCES "concepts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit_categories" ADD CONSTRAINT "unit_categories_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "units"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit_categories" ADD CONSTRAINT "unit_categories_best_id_fkey" FOREIGN KEY ("best_id") REFERENCES "concepts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "top_images" ADD CONSTRAINT "top_images_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "units"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "top_images" ADD CONSTRAINT "top_images_image_id_fkey" FOREIGN KEY ("image_id") REFERENCES "images"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


