-- Functions of the due index, put in front of the scripts that need them.
-- W is the four keys of keys.work(): due, jobs, claims, following. Every script checks first and writes last.

local function now_us()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function digits(number)
  return string.format('%.0f', number)
end

-- Store a job, or move it. One that somebody has is left alone: the new one follows when it ends, also when
-- it ends in the hands of another because its holder was lost.
local function put(W, member, due_ms, body)
  local holder = redis.call('HGET', W[3], member)
  if holder and not string.find(holder, ':0$') then
    redis.call('HSET', W[4], member, due_ms .. ':' .. body)
    return
  end
  redis.call('HSET', W[2], member, body)
  redis.call('HDEL', W[3], member)
  redis.call('ZADD', W[1], due_ms, member)
end

-- Put every job of ARGV[first], ARGV[first + 1], ... : member, ms, body.
local function put_all(W, first)
  for at = first, #ARGV, 3 do
    put(W, ARGV[at], ARGV[at + 1], ARGV[at + 2])
  end
end

-- Remove a job that has ended, or begin the one that was put while it ran.
local function settle(W, member)
  local next_one = redis.call('HGET', W[4], member)
  redis.call('HDEL', W[3], member)
  redis.call('HDEL', W[4], member)
  if not next_one then
    redis.call('HDEL', W[2], member)
    redis.call('ZREM', W[1], member)
    return
  end
  local colon = string.find(next_one, ':', 1, true)
  redis.call('HSET', W[2], member, string.sub(next_one, colon + 1))
  redis.call('ZADD', W[1], string.sub(next_one, 1, colon - 1), member)
end
