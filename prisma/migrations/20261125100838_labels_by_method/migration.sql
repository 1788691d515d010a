-- AlterTable
ALTER TABLE "unit_scores" ADD COLUMN     "standard_error" DOUBLE PRECISION;

-- CreateTable
CREATE TABLE "labellings" (
    "id" SERIAL NOT NULL,
    "dissection_id" INTEGER NOT NULL,
    "method" TEXT NOT NULL,
    "parameters" JSONB NOT NULL DEFAULT '{}',
    "code_version" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "current" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "labellings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "unit_labels" (
    "labelling_id" INTEGER NOT NULL,
    "unit_id" INTEGER NOT NULL,
    "rank" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "operators" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "score" DOUBLE PRECISION NOT NULL,
    "standard_error" DOUBLE PRECISION,
    "intersection" BIGINT,
    "union" BIGINT,
    "images" INTEGER,
    "proven" BOOLEAN,
    "details" JSONB,

    CONSTRAINT "unit_labels_pkey" PRIMARY KEY ("labelling_id","unit_id","rank")
);

-- CreateTable
CREATE TABLE "unit_label_concepts" (
    "labelling_id" INTEGER NOT NULL,
    "unit_id" INTEGER NOT NULL,
    "rank" INTEGER NOT NULL,
    "place" INTEGER NOT NULL,
    "concept_id" INTEGER NOT NULL,

    CONSTRAINT "unit_label_concepts_pkey" PRIMARY KEY ("labelling_id","unit_id","rank","place")
);

-- CreateTable
CREATE TABLE "label_scores" (
    "labelling_id" INTEGER NOT NULL,
    "unit_id" INTEGER NOT NULL,
    "concept_id" INTEGER NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "standard_error" DOUBLE PRECISION,

    CONSTRAINT "label_scores_pkey" PRIMARY KEY ("labelling_id","unit_id","concept_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "labellings_key_key" ON "labellings"("key");

-- CreateIndex
CREATE INDEX "labellings_dissection_id_method_idx" ON "labellings"("dissection_id", "method");

-- CreateIndex
CREATE INDEX "unit_labels_unit_id_idx" ON "unit_labels"("unit_id");

-- CreateIndex
CREATE INDEX "unit_label_concepts_concept_id_idx" ON "unit_label_concepts"("concept_id");

-- CreateIndex
CREATE INDEX "label_scores_unit_id_idx" ON "label_scores"("unit_id");

-- CreateIndex
CREATE INDEX "label_scores_concept_id_score_idx" ON "label_scores"("concept_id", "score" DESC);

-- AddForeignKey
ALTER TABLE "labellings" ADD CONSTRAINT "labellings_dissection_id_fkey" FOREIGN KEY ("dissection_id") REFERENCES "dissections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit_labels" ADD CONSTRAINT "unit_labels_labelling_id_fkey" FOREIGN KEY ("labelling_id") REFERENCES "labellings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit_labels" ADD CONSTRAINT "unit_labels_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "units"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit_label_concepts" ADD CONSTRAINT "unit_label_concepts_labelling_id_unit_id_rank_fkey" FOREIGN KEY ("labelling_id", "unit_id", "rank") REFERENCES "unit_labels"("labelling_id", "unit_id", "rank") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit_label_concepts" ADD CONSTRAINT "unit_label_concepts_concept_id_fkey" FOREIGN KEY ("concept_id") REFERENCES "concepts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "label_scores" ADD CONSTRAINT "label_scores_labelling_id_fkey" FOREIGN KEY ("labelling_id") REFERENCES "labellings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "label_scores" ADD CONSTRAINT "label_scores_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "units"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "label_scores" ADD CONSTRAINT "label_scores_concept_id_fkey" FOREIGN KEY ("concept_id") REFERENCES "concepts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


