-- The steps of a divided dissection wait for each other in the queue. Of one that is under way as before, nothing waits for what comes next:
-- it is begun again when it is tried again.
UPDATE "jobs" SET "state" = 'FAILED', "error_code" = 'NO_WORKER', "phase" = NULL, "worker" = NULL, "finished_at" = now(),
  "error_message" = 'It was under way in shards when Dissectory was updated: try it again.'
WHERE "state" IN ('WAITING', 'RUNNING') AND "id" IN (SELECT "parent_id" FROM "jobs" WHERE "parent_id" IS NOT NULL);

DELETE FROM "job_blobs";
DELETE FROM "jobs" WHERE "parent_id" IS NOT NULL;
