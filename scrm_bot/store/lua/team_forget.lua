-- Take everything of one team out of its shard's due index, and out of what was given up.
-- KEYS     1-4 work, 5 dead
-- ARGV     1 the team's id, 2 the member that stays, or ''
-- Returns  how many were taken out

local mine = ARGV[1] .. '/'
local names = {}

local function note(found)
  for _, name in ipairs(found) do
    if string.sub(name, 1, #mine) == mine and name ~= ARGV[2] then
      names[name] = true
    end
  end
end

-- By the text: a record that nobody can read says whose it is as well, and one that Lua cannot decode
-- must not stop the others. Within a value such a quotation mark would be escaped.
local function is_mine(kept)
  return kept:match('"team_id":%s*"([^"]*)"') == ARGV[1]
end

note(redis.call('ZRANGE', KEYS[1], 0, -1))
note(redis.call('HKEYS', KEYS[2]))
note(redis.call('HKEYS', KEYS[3]))
note(redis.call('HKEYS', KEYS[4]))
local taken = 0
for name in pairs(names) do
  redis.call('ZREM', KEYS[1], name)
  redis.call('HDEL', KEYS[2], name)
  redis.call('HDEL', KEYS[3], name)
  redis.call('HDEL', KEYS[4], name)
  taken = taken + 1
end
for _, kept in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
  if is_mine(kept) then
    redis.call('ZREM', KEYS[5], kept)
    taken = taken + 1
  end
end
return taken
