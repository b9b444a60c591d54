-- Give a lock back.
-- KEYS     1 the lock
-- ARGV     1 what its holder wrote into it
-- Returns  1, or 0 when it is somebody else's by now

if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
