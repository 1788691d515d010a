-- CreateEnum
CREATE TYPE "PhraseAuthor" AS ENUM ('PERSON', 'METHOD');

-- CreateTable
CREATE TABLE "studies" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "raters" INTEGER NOT NULL,
    "images" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "studies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "study_units" (
    "study_id" INTEGER NOT NULL,
    "unit_id" INTEGER NOT NULL,

    CONSTRAINT "study_units_pkey" PRIMARY KEY ("study_id","unit_id")
);

-- CreateTable
CREATE TABLE "study_raters" (
    "id" SERIAL NOT NULL,
    "study_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "study_raters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "study_phrases" (
    "rater_id" INTEGER NOT NULL,
    "unit_id" INTEGER NOT NULL,
    "phrase" TEXT NOT NULL,
    "confidence" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "study_phrases_pkey" PRIMARY KEY ("rater_id","unit_id")
);

-- CreateTable
CREATE TABLE "study_questions" (
    "id" SERIAL NOT NULL,
    "study_id" INTEGER NOT NULL,
    "unit_id" INTEGER NOT NULL,
    "phrase" TEXT NOT NULL,
    "author" "PhraseAuthor" NOT NULL,
    "round" INTEGER NOT NULL,

    CONSTRAINT "study_questions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "study_votes" (
    "question_id" INTEGER NOT NULL,
    "rater_id" INTEGER NOT NULL,
    "yes" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "study_votes_pkey" PRIMARY KEY ("question_id","rater_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "studies_slug_key" ON "studies"("slug");

-- CreateIndex
CREATE INDEX "study_units_unit_id_idx" ON "study_units"("unit_id");

-- CreateIndex
CREATE UNIQUE INDEX "study_raters_token_hash_key" ON "study_raters"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "study_raters_study_id_name_key" ON "study_raters"("study_id", "name");

-- CreateIndex
CREATE INDEX "study_phrases_unit_id_idx" ON "study_phrases"("unit_id");

-- CreateIndex
CREATE INDEX "study_questions_unit_id_idx" ON "study_questions"("unit_id");

-- CreateIndex
CREATE UNIQUE INDEX "study_questions_study_id_unit_id_author_round_key" ON "study_questions"("study_id", "unit_id", "author", "round");

-- CreateIndex
CREATE INDEX "study_votes_rater_id_idx" ON "study_votes"("rater_id");

-- AddForeignKey
ALTER TABLE "study_units" ADD CONSTRAINT "study_units_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "studies"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_units" ADD CONSTRAINT "study_units_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "units"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_raters" ADD CONSTRAINT "study_raters_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "studies"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_phrases" ADD CONSTRAINT "study_phrases_rater_id_fkey" FOREIGN KEY ("rater_id") REFERENCES "study_raters"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_phrases" ADD CONSTRAINT "study_phrases_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "units"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_questions" ADD CONSTRAINT "study_questions_study_id_fkey" FOREIGN KEY ("study_id") REFERENCES "studies"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_questions" ADD CONSTRAINT "study_questions_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "units"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_votes" ADD CONSTRAINT "study_votes_question_id_fkey" FOREIGN KEY ("question_id") REFERENCES "study_questions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "study_votes" ADD CONSTRAINT "study_votes_rater_id_fkey" FOREIGN KEY ("rater_id") REFERENCES "study_raters"("id") ON DELETE CASCADE ON UPDATE CASCADE;


