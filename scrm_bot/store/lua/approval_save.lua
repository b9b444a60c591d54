-- Store the next version of an approval request with its jobs and its entries in the audit log, if nobody was
-- faster. A repeat of this very write is answered as the first time: its answer was lost on the way.
-- Needs due.lua
-- Needs audit.lua
-- Needs lapse.lua
-- KEYS     1-4 work, 5 approval, 6 open, 7 latest of the post, 8 scheduled, 9 audit, 10 history
-- ARGV     1 id, 2 next version, 3 write id, 4 body, 5 most entries that are kept, 6 how many there are,
--          7 created in ms, 8 life in s once closed, or 0, 9 time in ms from which the life counts,
--          10 1 when SocialCRM holds the post for its time, 11 for the intent of a call, or the word that there
--          was none, the us for which no call may begin after Redis may have forgotten another, else nothing;
--          only the latest request of a post may have one; then the entries, then member, due in ms, body of
--          each job
-- Returns  1, 0 when someone was faster, -1 when there is no such request; as text, the us that are left until
--          the intent may be stored

local stored = redis.call('HMGET', KEYS[5], 'version', 'write')
if not stored[1] then
  return -1
end
if stored[1] == ARGV[2] and stored[2] == ARGV[3] then
  return 1
end
if stored[1] + 1 ~= tonumber(ARGV[2]) then
  return 0
end
local found = redis.call('GET', KEYS[7])
if ARGV[11] ~= '' then
  if found and found ~= ARGV[1] then
    return 0
  end
  local left = lapse_left(KEYS[10], tonumber(ARGV[11]))
  if left > 0 then
    return digits(left)
  end
  redis.call('SET', KEYS[7], ARGV[1])
  found = ARGV[1]
end
local latest = found == ARGV[1]
local life = tonumber(ARGV[8])
local entries = tonumber(ARGV[6])
record(KEYS[9], ARGV[5], 12, entries)
put_all({ KEYS[1], KEYS[2], KEYS[3], KEYS[4] }, 12 + entries)
redis.call('HSET', KEYS[5], 'version', ARGV[2], 'write', ARGV[3], 'body', ARGV[4])
if ARGV[10] == '1' then
  redis.call('ZADD', KEYS[8], ARGV[7], ARGV[1])
else
  redis.call('ZREM', KEYS[8], ARGV[1])
end
if life == 0 then
  redis.call('ZADD', KEYS[6], ARGV[7], ARGV[1])
  redis.call('PERSIST', KEYS[5])
  if latest then redis.call('PERSIST', KEYS[7]) end
  return 1
end
local from = math.max(ARGV[9] - now_us() / 1000, 0) / 1000
life = digits(life + from)
redis.call('ZREM', KEYS[6], ARGV[1])
redis.call('EXPIRE', KEYS[5], life)
if latest then redis.call('EXPIRE', KEYS[7], life) end
return 1
