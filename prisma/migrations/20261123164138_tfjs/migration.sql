-- AlterEnum
ALTER TYPE "ModelFormat" ADD VALUE 'TFJS';


