-- What the reports add to Markdown, written for each format. Used by Quarto and by the built-in engine alike.
--   :::: {.forside}    the title page, written by a cell: divs .title .subtitle .author .date .publisher .stamp .kolofon,
--                      one paragraph per author or publication fact; they win over the header of the document
--                      (.sheet, whatever it holds: a PDF on two pages at most, without a title page)
--   ::: {.hovedfund}   a main finding, set in a box
--   ::: {.note}        "Anm.:" and "Kilde:" below a figure or a table
--   ::: {.boks}        a callout, ::: {.advarsel} one that warns; callouts.lua makes them
--   stamp              a warning on every page (the Typst template and the Word page header repeat it)
--   kolofon            publication facts: after the title page in PDF, at the end of the others
--   95 %               a number stays on the line of its "%", "%-interval" or "pct."
--   ::: {.rul}         a figure or a table with what stands behind it: its numbers, as lines with semicolons in a code
--                      block .tal (a table has its own), and where they come from, in a div .spor; a page shows both
--                      below it, with a file to save
--   texts of users     come with stand-ins for signs that could be markup (reports/user_text.py); put the signs back
--   [...]{.om tal}     a sentence that an author has tied to numbers: the sentence alone
--   _brand.yml         the colours of its palette that have the names of ours are those of the page and the PDF
--   a.svg              Word gets a.png, which the report has written beside it

local html, typst, docx = FORMAT:match("html"), FORMAT:match("typst"), FORMAT:match("docx")
local WORD_STYLE = { hovedfund = "Hovedfund", boks = "Hovedfund", advarsel = "Hovedfund", note = "Note" }
local TITLE_PAGE = pandoc.List({ "title", "subtitle", "author", "date", "date-meta", "publisher", "stamp", "sheet", "kolofon" })
local LISTS = { author = true, kolofon = true }
-- As in the style sheet, and what the Typst template calls them.
local OUR_COLOURS = {
  ink = "ink", petrol = "petrol", slate = "slate", line = "line-grey", tint = "tint", sand = "sand", rust = "rust",
}
local WORDS = {
  da = {
    skip = "Spring til teksten", numbers = "Tallene bag figuren", file = "Tabellen som fil", save = "Hent tallene",
    low = "nedre grænse", high = "øvre grænse",
  },
  en = {
    skip = "Skip to the text", numbers = "The numbers behind the figure", file = "The table as a file",
    save = "Save the numbers", low = "lower limit", high = "upper limit",
  },
}

-- U+13000 to U+1307F stand for the ASCII signs; U+13001 and U+13002 hold the number of another sign.
local function signs(text)
  text = text:gsub("\xF0\x93\x80\x81(%x+)\xF0\x93\x80\x82", function(number)
    return utf8.char(tonumber(number, 16))
  end)
  return (text:gsub("\xF0\x93([\x80\x81])([\x80-\xBF])", function(high, low)
    return string.char((high:byte() - 0x80) * 64 + low:byte() - 0x80)
  end))
end

function Str(str)
  return pandoc.Str(signs(str.text))
end

-- Quarto shows the code where a name is unknown, or where a text has inline code alone and says nothing of an engine.
function Code(code)
  if code.text:match("^{python}%s") then
    error("`" .. code.text .. "` was not run: is there such a name, and 'jupyter: python3' in the header?", 0)
  end
  code.text = signs(code.text)
  return code
end

function Link(link)
  if link.target:match("%.qmd$") or link.target:match("%.qmd#") then
    error("the link to '" .. link.target .. "' leads nowhere once the report is one file.", 0)
  end
end

function Span(span)
  if span.classes:includes("om") then
    return span.content -- the reader needs not know
  end
end

function Div(div)
  local box = div.classes:find_if(function(class) return WORD_STYLE[class] ~= nil end)
  if not box then
    return nil
  end
  if docx then
    div.attributes["custom-style"] = WORD_STYLE[box]
    return div
  elseif typst then
    local open, close = pandoc.RawBlock("typst", "#vive-" .. box .. "["), pandoc.RawBlock("typst", "]")
    return pandoc.Blocks({ open }) .. div.content .. pandoc.Blocks({ close })
  end
end

local function escaped(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function rows_of_table(tbl)
  local rows = pandoc.List({})
  local function add(row)
    rows:insert(row.cells:map(function(cell) return pandoc.utils.stringify(cell.contents) end))
  end
  for _, row in ipairs(tbl.head.rows) do add(row) end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do add(row) end
  end
  return rows
end

local function rows_of_text(text)
  local rows = pandoc.List({})
  for line in text:gmatch("[^\n]+") do
    local cells = pandoc.List({})
    for cell in (line .. ";"):gmatch("([^;]*);") do cells:insert(signs(cell)) end
    rows:insert(cells)
  end
  return rows
end

-- An estimate and its interval are three columns to a program, and one line to a reader.
local INTERVAL = "^(%S+) %((%S+) %l+ (%S+)%)$"

local function html_table(rows, label)
  local lines, words = { '<table aria-label="' .. label .. '"><thead><tr>' }, {}
  for j, cell in ipairs(rows[2] or {}) do
    words[j] = (j == 1 or cell:match("^[%a\u{c3}]")) and ' class="o"' or ""
  end
  for i, cells in ipairs(rows) do
    local row = {}
    for j, cell in ipairs(cells) do
      local tag = i == 1 and 'th scope="col"' or j == 1 and 'th scope="row"' or "td"
      local class = (i == 1 or j > 1) and words[j] or ""
      local text = cell:match(INTERVAL) and cell:gsub(" ", "\u{a0}") or cell
      row[j] = "<" .. tag .. class .. ">" .. escaped(text) .. "</" .. tag:sub(1, 2) .. ">"
    end
    lines[#lines + 1] = (i == 1 and "" or "<tr>") .. table.concat(row) .. "</tr>"
    if i == 1 then lines[#lines] = lines[#lines] .. "</thead><tbody>" end
  end
  return table.concat(lines, "\n") .. "</tbody></table>\n"
end

-- A number as programs read it that are set to Danish: "-1234,5".
local function plain_number(text)
  local number = text:gsub("\u{2212}", "-"):gsub("%.(%d%d%d)", "%1")
  return number:match("^%-?%d+,?%d*$")
end

-- The columns that a cell is to a program: an estimate with its limits, limits alone, or the cell itself.
local function parts_of(cell)
  local estimate, low, high = cell:match(INTERVAL)
  if estimate then return { estimate, low, high } end
  low, high = cell:match("^(%S+) %l+ (%S+)$")
  return low and plain_number(low) and plain_number(high) and { low, high } or { cell }
end

local function with_ends(rows, words)
  local wide = {}
  for i = 2, #rows do
    for j, cell in ipairs(rows[i]) do wide[j] = math.max(wide[j] or 1, #parts_of(cell)) end
  end
  return rows:map(function(cells, i)
    local made = pandoc.List({})
    for j, cell in ipairs(cells) do
      local head = (wide[j] or 1) == 3 and cell:gsub(" %(%d+[^%%%d]*%%%-.*%)$", "") or cell
      local parts = i > 1 and parts_of(cell) or { head, head .. ", " .. words.low, head .. ", " .. words.high }
      -- Limits alone have no estimate before them.
      if i == 1 and wide[j] == 2 then table.remove(parts, 1) end
      for k = 1, wide[j] or 1 do made:insert(parts[k] or "") end
    end
    return made
  end)
end

local function csv(rows)
  local lines = rows:map(function(cells)
    return table.concat(cells:map(function(cell)
      cell = cell:gsub("\u{a0}", " "):gsub("\u{ad}", "")
      local number = plain_number(cell)
      -- A text that begins as a formula does is a text.
      if not number and cell:match("^[=+@%-]") then cell = "'" .. cell end
      if cell:match('[;"\n]') then cell = '"' .. cell:gsub('"', '""') .. '"' end
      return number or cell
    end), ";")
  end)
  -- With a mark, or older programs take the letters for others.
  return "\u{feff}" .. table.concat(lines, "\r\n") .. "\r\n"
end

local function address(text)
  return "data:text/csv;charset=utf-8," .. text:gsub("[^%w%-_.~,;]", function(sign)
    return string.format("%%%02X", sign:byte())
  end)
end

-- What stands behind a figure or a table, folded away below it.
local function behind(div, words)
  local rows, own, trace
  div:walk({
    Table = function(tbl) rows = rows_of_table(tbl) end,
    CodeBlock = function(code)
      if code.classes:includes("tal") then rows, own = rows_of_text(code.text), true end
    end,
    Div = function(inner)
      if inner.classes:includes("spor") then trace = inner end
    end,
  })
  local made = pandoc.Blocks({})
  if rows then
    local name = signs(div.identifier):gsub("[^%w%-]+", "-") .. ".csv"
    local save = string.format('<p><a class="hent" download="%s" href="%s">%s (%s)</a></p>', name,
      address(csv(with_ends(rows, words))), words.save, name)
    made:insert(pandoc.RawBlock("html", (own and html_table(rows, words.numbers) or "") .. save))
  end
  made:extend(trace and { trace } or {})
  if #made > 0 then
    made:insert(1, pandoc.RawBlock("html", "<details><summary>" .. (own and words.numbers or words.file) .. "</summary>"))
    made:insert(pandoc.RawBlock("html", "</details>"))
  end
  return made
end

local function exhibit(div, words)
  local shown = div.content:filter(function(block)
    return not (block.classes and (block.classes:includes("tal") or block.classes:includes("spor")))
  end)
  if not html then
    return shown
  end
  div.content = shown .. behind(div, words)
  return div
end

-- A number and the sign that says what it counts are not set apart by a line break.
local function keep_together(inlines)
  for i = 2, #inlines - 1 do
    local before, after = inlines[i - 1], inlines[i + 1]
    if inlines[i].t == "Space" and before.t == "Str" and after.t == "Str"
      and before.text:match("%d$") and (after.text:match("^%%") or after.text:match("^pct%.")) then
      inlines[i] = pandoc.Str("\u{a0}")
    end
  end
  return inlines
end

-- What leads to a list stands on its page.
local function lead_in(blocks)
  for i = #blocks - 1, 1, -1 do
    local is_list = blocks[i + 1].t == "BulletList" or blocks[i + 1].t == "OrderedList"
    if is_list and blocks[i].t == "Para" and pandoc.utils.stringify(blocks[i]):match(":$") then
      blocks:insert(i + 1, pandoc.RawBlock("typst", "]"))
      blocks:insert(i, pandoc.RawBlock("typst", "#block(sticky: true)["))
    end
  end
  return blocks
end

function Image(image)
  for name, value in pairs(image.attributes) do
    image.attributes[name] = signs(value)
  end
  if docx then
    image.src = image.src:gsub("%.svg$", ".png")
  end
  return image
end

-- A paragraph that begins with "22. november" has been read as a list from 22: undo that.
local function line_of(block)
  if block.t ~= "OrderedList" then
    return pandoc.Inlines(block.content)
  end
  local line = pandoc.Inlines({ pandoc.Str(block.start .. "."), pandoc.Space() })
  return line .. pandoc.utils.blocks_to_inlines(block.content[1])
end

-- Take the title page out of the text and into the metadata, where every template looks for it.
local function title_page(doc)
  local function field(div)
    local name = div.classes[1]
    if TITLE_PAGE:includes(name) then
      local lines = div.content:map(function(block) return pandoc.MetaInlines(line_of(block)) end)
      doc.meta[name] = LISTS[name] and pandoc.MetaList(lines) or lines[1]
    end
  end
  doc.blocks = doc.blocks:walk({
    Div = function(div)
      if div.classes:includes("forside") then
        div.content:walk({ Div = field })
        doc.meta.pagetitle = doc.meta.title and pandoc.utils.stringify(doc.meta.title)
        return {}
      end
    end,
  })
end

local function publication_facts(kolofon)
  local facts = pandoc.Blocks({})
  -- A single fact may stand alone.
  for _, line in ipairs(pandoc.utils.type(kolofon) == "Inlines" and { kolofon } or kolofon) do
    facts:insert(pandoc.Para(pandoc.Inlines(line)))
  end
  return pandoc.Blocks({
    pandoc.Header(1, "Kolofon", { id = "kolofon", class = "unnumbered unlisted" }),
    pandoc.Div(facts, { class = "kolofon", ["custom-style"] = "Kolofon" }),
  })
end

-- The palette of `_brand.yml`, beside the document or a folder above it.
local function house_colours()
  local colours = pandoc.List({})
  local file = io.open("_brand.yml", "r") or io.open("../_brand.yml", "r")
  local text = file and file:read("a")
  if not file then return colours end
  file:close()
  local brand = pandoc.read("---\n" .. text .. "\n---\n", "markdown").meta
  for name, value in pairs(brand.color and brand.color.palette or {}) do
    local colour = OUR_COLOURS[name] and pandoc.utils.stringify(value)
    if colour and colour:match("^#%x%x%x%x%x%x$") then
      colours:insert({ name = FORMAT:match("typst") and OUR_COLOURS[name] or name, value = pandoc.RawInline(FORMAT, colour) })
    end
  end
  colours:sort(function(a, b) return a.name < b.name end)
  return colours
end

local function stamp_block(stamp)
  if docx then
    -- The page header repeats the nearest paragraph of this style, so there must be one, if only a blank.
    local text = stamp and pandoc.Inlines(stamp) or pandoc.Inlines({ pandoc.Str("\u{a0}") })
    return pandoc.Div({ pandoc.Para(text) }, { ["custom-style"] = "Stempel" })
  elseif stamp then
    return pandoc.Div({ pandoc.Plain(pandoc.Inlines(stamp)) }, { class = "stempel", role = "note" })
  end
end

function Pandoc(doc)
  title_page(doc)
  local words = WORDS[pandoc.utils.stringify(doc.meta.lang or "da"):sub(1, 2)] or WORDS.en
  doc.meta["skip-link"], doc.meta["house-colours"] = words.skip, house_colours()
  doc.blocks = doc.blocks:walk({ Inlines = keep_together, Blocks = typst and lead_in or nil })
  doc.blocks = doc.blocks:walk({
    Div = function(div)
      if div.classes:includes("rul") then
        return exhibit(div, words)
      end
    end,
  })
  if not typst then
    local stamp = stamp_block(doc.meta.stamp)
    if stamp then
      doc.blocks:insert(1, stamp)
    end
    if doc.meta.kolofon then
      doc.blocks:extend(publication_facts(doc.meta.kolofon))
    end
  end
  return doc
end
