-- CreateEnum
CREATE TYPE "JobKind" AS ENUM ('REGISTER_MODEL', 'REGISTER_DATASET', 'DISSECT', 'SCAN', 'DISSECT_SERIES');

-- CreateEnum
CREATE TYPE "JobState" AS ENUM ('WAITING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "JobPhase" AS ENUM ('WAITING', 'FORWARD', 'TALLY');

-- CreateTable
CREATE TABLE "jobs" (
    "id" SERIAL NOT NULL,
    "kind" "JobKind" NOT NULL,
    "state" "JobState" NOT NULL DEFAULT 'WAITING',
    "payload" JSONB NOT NULL,
    "key" TEXT NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "delivery" UUID NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "worker" TEXT,
    "phase" "JobPhase",
    "images_done" INTEGER,
    "image_count" INTEGER,
    "images_per_second" DOUBLE PRECISION,
    "error_code" TEXT,
    "error_message" TEXT,
    "model_id" INTEGER,
    "dataset_id" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "job_dissections" (
    "job_id" INTEGER NOT NULL,
    "dissection_id" INTEGER NOT NULL,

    CONSTRAINT "job_dissections_pkey" PRIMARY KEY ("job_id","dissection_id")
);

-- CreateIndex
CREATE INDEX "jobs_key_idx" ON "jobs"("key");

-- CreateIndex
CREATE INDEX "jobs_state_id_idx" ON "jobs"("state", "id");

-- CreateIndex
CREATE INDEX "jobs_model_id_idx" ON "jobs"("model_id");

-- CreateIndex
CREATE INDEX "jobs_dataset_id_idx" ON "jobs"("dataset_id");

-- CreateIndex
CREATE INDEX "job_dissections_dissection_id_idx" ON "job_dissections"("dissection_id");

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "models"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_dissections" ADD CONSTRAINT "job_dissections_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_dissections" ADD CONSTRAINT "job_dissections_dissection_id_fkey" FOREIGN KEY ("dissection_id") REFERENCES "dissections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whoever listens hears of every change of a job, and of every dissection once it is stored, whichever process it was
CREATE FUNCTION announce_job() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_notify('dissectory_jobs', NEW.id::text); RETURN NULL; END $$;
CREATE TRIGGER announce_job AFTER INSERT OR UPDATE ON "jobs" FOR EACH ROW EXECUTE FUNCTION announce_job();

CREATE FUNCTION announce_dissection() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_notify('dissectory_dissections', NEW.id::text); RETURN NULL; END $$;
CREATE TRIGGER announce_dissection AFTER UPDATE OF "current" ON "dissections" FOR EACH ROW
  WHEN (NEW."current" AND NOT OLD."current") EXECUTE FUNCTION announce_dissection();
