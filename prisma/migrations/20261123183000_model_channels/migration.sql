-- CreateEnum
CREATE TYPE "Channels" AS ENUM ('RGB', 'BGR', 'GREY');

-- AlterTable
ALTER TABLE "models" ADD COLUMN     "channels" "Channels" NOT NULL DEFAULT 'RGB';
