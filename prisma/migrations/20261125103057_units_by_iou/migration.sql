-- CreateIndex
CREATE INDEX "units_iou_id_idx" ON "units"("iou" DESC, "id" DESC);


