-- Put a job back that was given up. A repeat of this very request is answered as the first time.
-- Needs due.lua
-- KEYS     1-4 work, 5 dead, 6 once
-- ARGV     1 life of `once` in s, 2 what the dead list keeps of it, 3 member, 4 due in ms, 5 body
-- Returns  1, or 0 when it is not on the dead list any more

if redis.call('EXISTS', KEYS[6]) == 1 then
  return 1
end
if redis.call('ZREM', KEYS[5], ARGV[2]) == 0 then
  return 0
end
redis.call('SET', KEYS[6], 1, 'EX', ARGV[1])
put({ KEYS[1], KEYS[2], KEYS[3], KEYS[4] }, ARGV[3], ARGV[4], ARGV[5])
return 1
