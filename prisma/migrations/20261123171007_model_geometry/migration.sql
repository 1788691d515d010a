-- CreateEnum
CREATE TYPE "Resize" AS ENUM ('STRETCH', 'CROP', 'PAD');

-- AlterTable
ALTER TABLE "models" ADD COLUMN     "resize" "Resize" NOT NULL DEFAULT 'STRETCH',
ADD COLUMN     "tokens" INTEGER[];


