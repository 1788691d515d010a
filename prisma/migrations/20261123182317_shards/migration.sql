-- AlterEnum
ALTER TYPE "JobKind" ADD VALUE 'DISSECT_SHARD';

-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "parent_id" INTEGER;

-- CreateTable
CREATE TABLE "job_blobs" (
    "job_id" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "piece" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "job_blobs_pkey" PRIMARY KEY ("job_id","attempt","name","piece")
);

-- CreateIndex
CREATE INDEX "jobs_parent_id_idx" ON "jobs"("parent_id");

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_blobs" ADD CONSTRAINT "job_blobs_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- What is stored there is compressed where that pays, or does not shrink
ALTER TABLE "job_blobs" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
