-- Replace a value by another if it is still what it was read as; its life stays.
-- KEYS     1 the value
-- ARGV     1 as read, 2 its replacement
-- Returns  1 (also when it is replaced already), else 0

local stored = redis.call('GET', KEYS[1])
if stored == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
  return 1
end
return stored == ARGV[2] and 1 or 0
