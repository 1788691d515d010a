-- AlterTable
ALTER TABLE "models" ADD COLUMN     "inputs" JSONB,
ADD COLUMN     "output" TEXT;

-- CreateTable
CREATE TABLE "engine_checks" (
    "key" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "engine" TEXT NOT NULL,
    "deviation" DOUBLE PRECISION NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "engine_checks_pkey" PRIMARY KEY ("key")
);


