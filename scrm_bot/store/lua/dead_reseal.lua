-- Replace what is kept of a job that was given up by another, at the same place.
-- KEYS     1 dead
-- ARGV     1 as read, 2 its replacement
-- Returns  1, also when it is no more

local at = redis.call('ZSCORE', KEYS[1], ARGV[1])
if at then
  redis.call('ZADD', KEYS[1], at, ARGV[2])
  redis.call('ZREM', KEYS[1], ARGV[1])
end
return 1
