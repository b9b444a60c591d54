-- Take one step of a digest's run, if nobody has taken another since it was read.
-- KEYS     1 the run
-- ARGV     1 as read, empty for none, 2 what it becomes, 3 life in s
-- Returns  1 (also when this very step was taken already), else 0

local stored = redis.call('GET', KEYS[1])
if (stored or '') == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
  return 1
end
return stored == ARGV[2] and 1 or 0
