-- Replace the record of a job that waits by another, if it is still what it was read as.
-- KEYS     1 jobs
-- ARGV     1 member, 2 as read, 3 its replacement
-- Returns  1 (also when the job is over), else 0

local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored == ARGV[2] then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
  return 1
end
return (not stored or stored == ARGV[3]) and 1 or 0
