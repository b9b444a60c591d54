-- Lengthen a lease that is still mine.
-- Needs due.lua
-- KEYS     1-4 work
-- ARGV     1 member, 2 `attempt:lease` as claimed, 3 lease in us from now
-- Returns  1, or 0 when someone else has the job or it is no more

if redis.call('HGET', KEYS[3], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('ZADD', KEYS[1], digits((now_us() + ARGV[3]) / 1000), ARGV[1])
return 1
