/**
 * Ends this process as SIGTERM does when the one that started it is gone, however that ended: their channel breaks
 * then. Nothing happens where it was not started with a channel.
 */
export function endWithParent(): void {
  if (process.channel === undefined) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // The channel alone keeps no process alive
  process.channel?.unref();
}
