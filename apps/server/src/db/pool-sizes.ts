/**
 * Connections that a process opens at most, in each of its two pools (ordinary, and the system's). The server: a few for each worker, and
 * requests besides. A command beside it does one thing at a time.
 */
export const POOL_MAX = { server: 16, beside: 5 } as const;

/** For migrations, and for whoever looks into the database while everything is busy. */
const SPARE = 4;

/** What a database must grant: the server's two pools, those of one command beside it, and some to spare. */
export const CONNECTIONS_LEAST = 2 * (POOL_MAX.server + POOL_MAX.beside) + SPARE;
