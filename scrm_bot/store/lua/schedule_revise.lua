-- Store one channel's digest schedule if it is still what it was read as.
-- KEYS     1 digests
-- ARGV     1 channel, 2 as read, 3 its replacement
-- Returns  1 (also when it is replaced already), else 0

local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored == ARGV[2] then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
  return 1
end
return stored == ARGV[3] and 1 or 0
