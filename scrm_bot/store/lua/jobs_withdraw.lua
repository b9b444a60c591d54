-- Take back a job whose acceptance was not answered. One that arrives later finds its delivery seen.
-- Needs due.lua
-- KEYS     1-4 work, 5 seen
-- ARGV     1 life of `seen` in s, 2 member, 3 body, as it was to be accepted
-- Returns  1 when nothing of it will be done, 0 when it was done or somebody else has it

local WITHDRAWN = 'withdrawn'
local W = { KEYS[1], KEYS[2], KEYS[3], KEYS[4] }
local seen, stored = redis.call('GET', KEYS[5]), redis.call('HGET', W[2], ARGV[2])
if stored then
  local first = string.find(redis.call('HGET', W[3], ARGV[2]) or '', '^1:')
  if stored ~= ARGV[3] or not first then
    return 0
  end
elseif seen and seen ~= WITHDRAWN then
  return 0
end
redis.call('SET', KEYS[5], WITHDRAWN, 'EX', ARGV[1])
if stored then
  settle(W, ARGV[2])
end
return 1
