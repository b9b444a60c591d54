-- Forget a job, also one that runs: its holder's lease is void.
-- KEYS     1-4 work
-- ARGV     1 member
-- Returns  1 when there was one

redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
return redis.call('ZREM', KEYS[1], ARGV[1])
