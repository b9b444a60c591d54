-- Remove a job that is done, or one that is given up, which goes to the dead list.
-- Needs due.lua
-- KEYS     1-4 work, 5 dead
-- ARGV     1 member, 2 `attempt:lease` as claimed, 3 what the dead list keeps or '', 4 its most, 5 its life in s
-- Returns  1 when the job is gone (also: was already), 0 when someone else has it

local W = { KEYS[1], KEYS[2], KEYS[3], KEYS[4] }
if redis.call('HGET', W[3], ARGV[1]) ~= ARGV[2] then
  return 1 - redis.call('HEXISTS', W[2], ARGV[1])
end
if ARGV[3] ~= '' then
  redis.call('ZADD', KEYS[5], digits(now_us() / 1000), ARGV[3])
  redis.call('ZREMRANGEBYRANK', KEYS[5], 0, -1 - ARGV[4])
  redis.call('EXPIRE', KEYS[5], ARGV[5])
end
settle(W, ARGV[1])
return 1
