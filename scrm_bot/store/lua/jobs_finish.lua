-- Remove a job that is done, or one that is given up, which goes to the dead list.
-- Needs due.lua
-- KEYS     1-4 work, 5 dead
-- ARGV     1 member, 2 `attempt:lease` as claimed, 3 what the dead list keeps or '', 4 its most, 5 its life in s
-- Returns  1 when the job is gone (also: was already), 0 when someone else has it

local function team_of(kept)
  return kept:match('"team_id": "([^"]*)"') or ''
end

-- Of too many, the oldest of the team with the most goes: nobody's failures push out another team's.
local function make_room(dead, most)
  for _ = 1, redis.call('ZCARD', dead) - most do
    local all, count, largest = redis.call('ZRANGE', dead, 0, -1), {}, nil
    for _, kept in ipairs(all) do
      local team = team_of(kept)
      count[team] = (count[team] or 0) + 1
      if not largest or count[team] > count[largest] then
        largest = team
      end
    end
    for _, kept in ipairs(all) do
      if team_of(kept) == largest then
        redis.call('ZREM', dead, kept)
        break
      end
    end
  end
end

local W = { KEYS[1], KEYS[2], KEYS[3], KEYS[4] }
if redis.call('HGET', W[3], ARGV[1]) ~= ARGV[2] then
  return 1 - redis.call('HEXISTS', W[2], ARGV[1])
end
if ARGV[3] ~= '' then
  redis.call('ZADD', KEYS[5], digits(now_us() / 1000), ARGV[3])
  make_room(KEYS[5], ARGV[4])
  redis.call('EXPIRE', KEYS[5], ARGV[5])
end
settle(W, ARGV[1])
return 1
