-- The jobs of one shard that were given up, the latest first.
-- KEYS     1 dead
-- Returns  {what is kept of a job, when it was given up in ms, ...}

return redis.call('ZREVRANGE', KEYS[1], 0, -1, 'WITHSCORES')
