/** What the database announces (see the triggers in the migrations); each time with the row's id. */
export const CHANNELS = { jobs: 'dissectory_jobs', dissections: 'dissectory_dissections' } as const;
export type Channel = keyof typeof CHANNELS;
