-- Give a job back, to be claimed again later. What was put while it ran goes first.
-- Needs due.lua
-- KEYS     1-4 work
-- ARGV     1 member, 2 `attempt:lease` as claimed, 3 due in ms, 4 attempts to go on counting from
-- Returns  1 (also when this was done before), 0 when someone else has the job or it is no more

local W = { KEYS[1], KEYS[2], KEYS[3], KEYS[4] }
local holder = redis.call('HGET', W[3], ARGV[1])
local waiting = ARGV[4] .. ':0'
if holder ~= ARGV[2] then
  local score = redis.call('ZSCORE', W[1], ARGV[1]) or -1
  return holder == waiting and tonumber(score) == tonumber(ARGV[3]) and 1 or 0
end
if redis.call('HEXISTS', W[4], ARGV[1]) == 1 then
  settle(W, ARGV[1])
else
  redis.call('HSET', W[3], ARGV[1], waiting)
  redis.call('ZADD', W[1], ARGV[3], ARGV[1])
end
return 1
