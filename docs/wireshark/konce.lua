-- Konce for Wireshark and tshark: every field that anybody on the way can see.
--
--   wireshark -X lua_script:docs/wireshark/konce.lua konce.pcap
--   tshark -X lua_script:docs/wireshark/konce.lua -r konce.pcap -O konce
--
-- or put it into the folder of personal plugins (Help, About, Folders). UDP port 413 is taken for Konce; for others,
-- Decode As, or -d udp.port==PORT,konce. Sealed parts stay sealed: Wireshark's Lua has neither XChaCha20 nor AEGIS.
-- With a key log, `konce dissect --keylog FILE konce.pcap` opens them, and names the fields as this does.
--
-- source: docs/spec/02-packets.md

local konce = Proto("konce", "Konce")

local INIT, INIT_ACK, INIT_ACK_LISTS, COOKIE_ECHO, KEY_CHANGE = 0x10, 0x20, 0x21, 0x30, 0x50
local COOKIE_ACK, DATA = 0x40, 0x60 -- of the high four bits alone

local names = {
    [INIT] = "INIT", [INIT_ACK] = "INIT-ACK", [INIT_ACK_LISTS] = "INIT-ACK with the server's lists",
    [COOKIE_ECHO] = "COOKIE-ECHO", [KEY_CHANGE] = "KEY-CHANGE", [COOKIE_ACK] = "COOKIE-ACK", [DATA] = "DATA",
}

local f = {
    type = ProtoField.uint8("konce.type", "type", base.HEX),
    client_random = ProtoField.bytes("konce.client_random", "client random"),
    client_time = ProtoField.uint64("konce.client_time", "client steady time"),
    server_time = ProtoField.uint64("konce.server_time", "server steady time"),
    effort_asked = ProtoField.uint32("konce.effort_asked", "effort asked"),
    effort_offered = ProtoField.uint32("konce.effort_offered", "effort offered"),
    transient_id = ProtoField.int8("konce.transient_id", "transient key id"),
    sequence = ProtoField.bytes("konce.sequence", "sequence number, permuted"),
    revealed = ProtoField.bytes("konce.revealed", "revealed bits"),
    authenticator = ProtoField.bytes("konce.authenticator", "authenticator"),
    transient_key_d = ProtoField.bytes("konce.transient_key_d", "transient key D"),
    transient_key_b = ProtoField.bytes("konce.transient_key_b", "transient key B"),
    offered = ProtoField.string("konce.offered", "protocols offered"),
    chosen = ProtoField.string("konce.chosen", "protocols chosen"),
    server_lists = ProtoField.string("konce.server_lists", "protocols of the server"),
    process_tag = ProtoField.bytes("konce.process_tag", "process tag"),
    answer_clue = ProtoField.bytes("konce.answer_clue", "group clue, or nobody's"),
    clue = ProtoField.bytes("konce.clue", "group clue, or random"),
    solution = ProtoField.bytes("konce.solution", "solution"),
    negotiation = ProtoField.string("konce.negotiation", "negotiation"),
    padding = ProtoField.string("konce.padding", "padding"),
    box = ProtoField.bytes("konce.box", "box"),
    early = ProtoField.bytes("konce.early", "early payload"),
    notice = ProtoField.bytes("konce.notice", "notice"),
    channel_id = ProtoField.bytes("konce.channel_id", "channel id"),
    server_random = ProtoField.bytes("konce.server_random", "server random"),
    sealed = ProtoField.bytes("konce.sealed", "packet number and payload"),
    malformed = ProtoField.string("konce.malformed", "malformed"),
}
konce.fields = f

local LISTS_MAX, NUMBERS_MAX, OFFER_BYTES_MAX, PARAMETERS_BYTES_MAX = 4, 8, 48, 64
local CLUE_BYTES, TAG_BYTES, BOX_BYTES = 8, 16, 89
local SAMPLE_BYTES, NOTICE_BYTES = 16, 120

-- Reads a variable integer at `at`: its value and where it ends; nil where there is none.
local function varint(buffer, at)
    local value, shift = UInt64(0), 0
    while at < buffer:len() and shift < 70 do
        local byte = buffer(at, 1):uint()
        at = at + 1
        value = value + UInt64(byte % 128):lshift(shift)
        if byte < 128 then
            -- it is minimal, and below 2^64
            if (byte == 0 and shift > 0) or (shift == 63 and byte > 1) then return nil end
            return value, at
        end
        shift = shift + 7
    end
    return nil
end

-- The same of a number up to `most`, as a Lua number.
local function small(buffer, at, most)
    local value, after = varint(buffer, at)
    if not value or value > UInt64(most) then return nil end
    return value:tonumber(), after
end

-- Reads a protocol offer: its words and where it ends; nil where it is malformed.
local function offer(buffer, at)
    local start = at
    local lists, words, count = nil, {}, nil
    lists, at = small(buffer, at, LISTS_MAX)
    if not lists or lists < 2 then return nil end
    for i = 1, lists do
        count, at = small(buffer, at, NUMBERS_MAX)
        if not count then return nil end
        local numbers = {}
        for j = 1, count do
            local number
            number, at = varint(buffer, at)
            if not number then return nil end
            numbers[j] = tostring(number)
        end
        words[i] = table.concat(numbers, " ")
    end
    if at - start > OFFER_BYTES_MAX then return nil end
    return "handshake " .. words[1] .. ", session " .. words[2], at
end

-- Skips parameters of at least `least` bytes: where they begin and where they end; nil where they are malformed.
local function parameters(buffer, at, least)
    local length
    length, at = small(buffer, at, PARAMETERS_BYTES_MAX)
    if not length or length < least or at + length > buffer:len() then return nil end
    return at, at + length
end

-- One that adds fields to a tree as `konce dissect` prints them: NAME: VALUE.
local function writer(tree, buffer)
    local to = {}
    function to.text(field, name, at, length, value)
        tree:add(field, buffer(at, length)):set_text(name .. ": " .. value)
    end
    function to.words(field, name, at, length, value)
        tree:add(field, buffer(at, length), value):set_text(name .. ": " .. value)
    end
    function to.hex(field, name, at, length)
        to.text(field, name, at, length, string.lower(buffer(at, length):bytes():tohex()))
    end
    function to.time(field, name, at)
        to.text(field, name, at, 8, tostring(buffer(at, 8):uint64()) .. " us")
    end
    function to.effort(field, name, at)
        to.text(field, name, at, 4, string.format("%u", buffer(at, 4):uint()) .. " hashes")
    end
    function to.malformed(why)
        tree:add(f.malformed, why):set_text("malformed: " .. why)
    end
    return to
end

local function cookie(to, buffer, at)
    to.text(f.transient_id, "transient key id", at, 1, tostring(buffer(at, 1):int()))
    to.hex(f.sequence, "sequence number, permuted", at + 1, 8)
    to.hex(f.revealed, "revealed bits", at + 9, 4)
    to.hex(f.authenticator, "authenticator", at + 13, 16)
end

local function dissect_init(to, buffer)
    if buffer:len() < 25 then return to.malformed("cut short") end
    to.time(f.client_time, "client steady time", 17)
    local words, at = offer(buffer, 25)
    local first, after
    if words then first, after = parameters(buffer, at, CLUE_BYTES) end
    if not after then return to.malformed("an offer, or parameters, past their limits") end
    to.words(f.offered, "protocols offered", 25, after - 25, words)
    local zeros = true
    for i = after, buffer:len() - 1 do
        zeros = zeros and buffer(i, 1):uint() == 0
    end
    to.words(f.padding, "padding", after, buffer:len() - after, zeros and "zeros" or "not zeros, or malformed before")
end

local function dissect_init_ack(to, buffer)
    if buffer:len() < 90 + 6 + TAG_BYTES + CLUE_BYTES then return to.malformed("cut short") end
    to.time(f.server_time, "server steady time", 17)
    to.effort(f.effort_asked, "effort asked", 25)
    cookie(to, buffer, 29)
    to.hex(f.transient_key_d, "transient key D", 58, 32)
    local words, at = offer(buffer, 90)
    local first, after
    if words then first, after = parameters(buffer, at, TAG_BYTES + CLUE_BYTES) end
    if not after or after ~= buffer:len() then return to.malformed("an offer, or parameters, past their limits") end
    to.words(f.chosen, "protocols chosen", 90, after - 90, words)
    to.hex(f.process_tag, "process tag", first, TAG_BYTES)
    to.hex(f.answer_clue, "group clue, or nobody's", first + TAG_BYTES, CLUE_BYTES)
end

local function dissect_lists(to, buffer)
    local words = offer(buffer, 17)
    if buffer:len() == 17 then return to.malformed("cut short") end
    to.words(f.server_lists, "protocols of the server", 17, buffer:len() - 17, words or "malformed")
end

local function dissect_cookie_echo(to, buffer)
    local words, at, first, clue
    if buffer:len() > 110 then words, at = offer(buffer, 110) end
    if words then first, at = parameters(buffer, at, 0) end
    if words and at then words, at = offer(buffer, at) end
    if words and at then first, clue = parameters(buffer, at, 0) end
    local box = clue and clue + CLUE_BYTES
    if not words or not box or box + BOX_BYTES + TAG_BYTES > buffer:len() then
        return to.malformed("cut short, or an offer past its limits")
    end
    to.time(f.client_time, "client steady time", 17)
    to.time(f.server_time, "server steady time", 25)
    to.effort(f.effort_asked, "effort asked", 33)
    cookie(to, buffer, 37)
    to.effort(f.effort_offered, "effort offered", 66)
    to.hex(f.solution, "solution", 70, 8)
    to.hex(f.transient_key_b, "transient key B", 78, 32)
    to.words(f.negotiation, "negotiation", 110, clue - 110, "chosen: " .. words)
    to.hex(f.clue, "group clue, or random", clue, CLUE_BYTES)
    to.text(f.box, "box", box, BOX_BYTES, "sealed under K0")
    local early = box + BOX_BYTES
    to.text(f.early, "early payload", early, buffer:len() - early, "sealed under K1")
end

local function dissect_key_change(to, buffer)
    if buffer:len() ~= 17 + NOTICE_BYTES then return to.malformed("not of its length") end
    to.text(f.notice, "notice", 17, NOTICE_BYTES, "sealed under the transient keys")
end

local function dissect_sealed(to, buffer, type)
    local number = type == DATA and 9 or 41
    if buffer:len() < number + 1 + SAMPLE_BYTES then return to.malformed("cut short") end
    to.hex(f.channel_id, "channel id", 1, 8)
    if type == COOKIE_ACK then to.hex(f.server_random, "server random", 9, 32) end
    to.text(f.sealed, "packet number and payload", number, buffer:len() - number,
        "masked and sealed; no key of the log opens it")
end

local handshake = {
    [INIT] = dissect_init, [INIT_ACK] = dissect_init_ack, [INIT_ACK_LISTS] = dissect_lists,
    [COOKIE_ECHO] = dissect_cookie_echo, [KEY_CHANGE] = dissect_key_change,
}

function konce.dissector(buffer, pinfo, tree)
    local length = buffer:len()
    if length == 0 then return 0 end
    pinfo.cols.protocol = "Konce"
    local branch = tree:add(konce, buffer())
    local to = writer(branch, buffer)
    if length < 17 then
        to.malformed(length .. " bytes: shorter than any packet")
        return length
    end
    local first = buffer(0, 1):uint()
    local dissect = handshake[first]
    local type = dissect and first or first - first % 16
    local name = dissect and names[first] or (type == DATA or type == COOKIE_ACK) and names[type] or nil
    pinfo.cols.info = (name or "of no known type") .. ", " .. length .. " bytes"
    to.text(f.type, "type", 0, 1, (name or "of no known type") .. ", " .. length .. " bytes")
    if dissect then
        to.hex(f.client_random, "client random", 1, 16)
        dissect(to, buffer)
    elseif name then
        dissect_sealed(to, buffer, type)
    end
    return length
end

DissectorTable.get("udp.port"):add(413, konce)
