-- Numbers, captions and references: what Quarto does for floats labelled fig- and tbl-, formulas labelled eq- and
-- sections labelled sec-.
-- A float is a div `::: {#fig-x}` whose last paragraph is its caption, a picture `![caption](file){#fig-x}`, or a table
-- followed by `: caption {#tbl-x}`; a formula is a span `[$$x$$]{#eq-x alt="..."}`.
-- Needs the metadata `crossref` with fig-title, tbl-title, fig-prefix, tbl-prefix, eq-prefix and sec-prefix.

local html, typst, docx = FORMAT:match("html"), FORMAT:match("typst"), FORMAT:match("docx")
local WORD_CAPTION = { fig = "Image Caption", tbl = "Table Caption" }
local NBSP = "\u{a0}"
local number, words = {}, {}

local function kind_of(element)
  return element.identifier:match("^(fig)%-") or element.identifier:match("^(tbl)%-") or element.identifier:match("^(eq)%-")
end

-- First walk: give every labelled float and every numbered section its number, in the order of the text.
local function count(doc)
  local floats, sections, top = { fig = 0, tbl = 0, eq = 0 }, {}, 9
  doc:walk({ Header = function(header) top = math.min(top, header.level) end })
  local function float(element)
    local kind = kind_of(element)
    if kind then
      floats[kind] = floats[kind] + 1
      number[element.identifier] = tostring(floats[kind])
    end
  end
  local function section(header)
    if header.classes:includes("unnumbered") then
      return nil
    end
    local depth = header.level - top + 1
    for i = depth + 1, #sections do sections[i] = nil end
    for i = 1, depth - 1 do sections[i] = sections[i] or 0 end
    sections[depth] = (sections[depth] or 0) + 1
    number[header.identifier] = table.concat(sections, ".")
  end
  doc:walk({ traverse = "topdown", Div = float, Figure = float, Table = float, Span = float, Header = section })
end

local function reference(cite)
  local id = cite.citations[1].id
  local prefix = words[(id:match("^(%l+)%-") or "") .. "-prefix"]
  if not prefix then
    return nil -- a source, which Pandoc sets afterwards
  end
  if typst then
    return pandoc.RawInline("typst", string.format("#ref(<%s>, supplement: [%s])", id, prefix))
  end
  return pandoc.Link(prefix .. NBSP .. number[id], "#" .. id, "", { class = "quarto-xref" })
end

local function typst_string(text)
  local escaped = text:gsub("\\", "\\\\"):gsub('"', '\\"')
  return '"' .. escaped .. '"'
end

-- One description per picture, in the place where each writer looks for it; the Typst writer looks nowhere.
local function describe(image)
  local description = image.attributes["fig-alt"]
  if typst then
    local given = typst_string(image.src) .. ", alt: " .. typst_string(description)
    for _, side in ipairs({ "width", "height" }) do
      local length = image.attributes[side]
      given = given .. (length and string.format(", %s: %s", side, length) or "")
    end
    return pandoc.RawInline("typst", "#image(" .. given .. ")")
  elseif html then
    image.attributes["alt"] = description
    image.attributes["fig-alt"] = nil
    image.caption = pandoc.Inlines({})
    return image
  end
end

-- A formula with its number; its description stays with it.
local function formula(span)
  local math = span.content[1]
  if kind_of(span) ~= "eq" then
    return nil
  elseif typst then
    local drawn = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ math }) }), "typst"):gsub("%s+$", "")
    local text = '#math.equation(block: true, numbering: "(1)", alt: %s, [%s])<%s>'
    return pandoc.RawInline("typst", text:format(typst_string(span.attributes["alt"]), drawn, span.identifier))
  end
  math.text = math.text .. " \\qquad(" .. number[span.identifier] .. ")"
  span.attributes["alt"], span.content[1] = nil, math
  return span
end

-- `tbl-colwidths="[30,70]"`, of a table or of the float around it: columns as shares of a hundred.
local function with_widths(tbl, widths)
  local column = 0
  for share in (widths or ""):gmatch("%d+") do
    column = column + 1
    tbl.colspecs[column] = { tbl.colspecs[column][1], tonumber(share) / 100 }
  end
  tbl.attributes["tbl-colwidths"] = nil
  return tbl
end

local function styled(blocks, style)
  return pandoc.Div(blocks, { ["custom-style"] = style })
end

local function titled(id, kind, caption)
  return pandoc.Inlines({ pandoc.Str(words[kind .. "-title"] .. NBSP .. number[id] .. ": ") }) .. caption
end

local in_format = {}

function in_format.typst(id, kind, content, caption)
  content = content:walk({ Table = function(tbl)
    tbl.classes:insert("typst:no-figure")
    return tbl
  end })
  local tail = string.format('], kind: "quarto-float-%s", supplement: "%s") <%s>', kind, words[kind .. "-title"], id)
  return pandoc.Blocks({ pandoc.RawBlock("typst", "#figure([") }) .. content
    .. pandoc.Blocks({ pandoc.RawBlock("typst", "], caption: ["), pandoc.Plain(caption), pandoc.RawBlock("typst", tail) })
end

function in_format.docx(id, kind, content, caption)
  if kind == "fig" then
    content = content:map(function(block) return styled({ block }, "Captioned Figure") end)
  end
  local heading = styled({ pandoc.Para(titled(id, kind, caption)) }, WORD_CAPTION[kind])
  return pandoc.Div(pandoc.Blocks({ heading }) .. content, { id = id })
end

function in_format.html(id, kind, content, caption)
  local blocks = pandoc.Blocks({
    pandoc.RawBlock("html", string.format('<figure class="quarto-float-%s">\n<figcaption id="%s-caption">', kind, id)),
    pandoc.Plain(titled(id, kind, caption)),
    pandoc.RawBlock("html", "</figcaption>"),
  }) .. content .. pandoc.Blocks({ pandoc.RawBlock("html", "</figure>") })
  return pandoc.Div(blocks, { id = id, class = "quarto-float" })
end

local function write(id, kind, content, caption)
  return in_format[html and "html" or typst and "typst" or "docx"](id, kind, content, caption)
end

local function labelled_div(div)
  local kind = kind_of(div)
  if kind then
    local content = div.content:clone()
    local caption, widths = content:remove(#content), div.attributes["tbl-colwidths"]
    content = content:walk({ Table = function(tbl) return with_widths(tbl, widths) end })
    return write(div.identifier, kind, content, pandoc.utils.blocks_to_inlines({ caption }))
  end
end

local function labelled_figure(figure)
  local kind = kind_of(figure)
  if kind then
    local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
    return write(figure.identifier, kind, figure.content, caption)
  end
end

local function labelled_table(tbl)
  local kind = kind_of(tbl)
  if kind then
    tbl = with_widths(tbl, tbl.attributes["tbl-colwidths"])
    local id, caption = tbl.identifier, pandoc.utils.blocks_to_inlines(tbl.caption.long)
    tbl.identifier, tbl.caption = "", { long = {} }
    return write(id, kind, pandoc.Blocks({ tbl }), caption)
  end
end

function Pandoc(doc)
  for key, value in pairs(doc.meta.crossref) do
    words[key] = pandoc.utils.stringify(value)
  end
  count(doc)
  doc = doc:walk({ Cite = reference, Image = describe, Span = formula })
  return doc:walk({ Div = labelled_div, Figure = labelled_figure, Table = labelled_table })
end
