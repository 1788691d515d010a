-- AlterEnum
ALTER TYPE "JobPhase" ADD VALUE 'FETCH';


