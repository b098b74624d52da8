-- What a Word file needs once figures, tables and sections have their numbers. Most of it undoes what Quarto does.
if not FORMAT:match("docx") then
  return {}
end

local STYLE = { fig = "Image Caption", tbl = "Table Caption" }
-- Settings, which would stand among the file's own properties, most of them empty.
local SETTINGS = {
  "authors", "biblio-config", "by-author", "crossref", "date-format", "engines", "fig-cap-location", "house-colours", "jupyter", "kolofon",
  "labels", "revealjs-plugins", "skip-link", "tbl-cap-location",
}

local function styled(blocks, style)
  return pandoc.Div(blocks, { ["custom-style"] = style })
end

local function lone_div(tbl)
  local rows = pandoc.List({})
  for _, body in ipairs(tbl.bodies) do
    rows:extend(body.body)
  end
  local cell = #rows == 1 and #rows[1].cells == 1 and rows[1].cells[1].contents
  if cell and #cell == 1 and cell[1].t == "Div" then
    return cell[1]
  end
end

-- Quarto sets a numbered figure or table in a table of one cell. A screen reader announces that as a table, and every
-- cell inside is centred. Take the content out again: the caption, then the picture or the table.
function Table(tbl)
  local float = lone_div(tbl)
  local kind = float and float.identifier:match("^(%l%l%l)%-")
  if not STYLE[kind] then
    return nil
  end
  local caption = float.content[1].content:filter(function(inline) return inline.t ~= "RawInline" end)
  float.content[1] = styled({ pandoc.Para(caption) }, STYLE[kind])
  if kind == "fig" then
    for i = 2, #float.content do
      float.content[i] = styled({ float.content[i] }, "Captioned Figure")
    end
  end
  return float
end

-- Quarto writes "1. " as text; Pandoc a number of a style of its own, and a tab.
function Header(header)
  local number, first = header.attributes["number"], header.content[1]
  if number and first and first.t == "Str" and first.text == number then
    header.content:remove(1)
    if #header.content > 0 and (header.content[1].t == "Space" or header.content[1].text == ". ") then
      header.content:remove(1)
    end
    header.content:insert(1, pandoc.RawInline("openxml", "<w:r><w:tab/></w:r>"))
    header.content:insert(1, pandoc.Span({ first }, { ["custom-style"] = "Section Number" }))
    return header
  end
end

-- Word keeps a picture's description where Pandoc writes the caption, and Quarto drops `fig-alt` on the way there.
function Image(image)
  local description = image.attributes["fig-alt"]
  if description then
    image.caption = pandoc.Inlines({ pandoc.Str(description) })
    return image
  end
end

-- A formula is one to Word too.
function Span(span)
  if span.attributes["alt"] then
    return span.content
  end
end

function Meta(meta)
  for _, name in ipairs(SETTINGS) do meta[name] = nil end
  return meta
end
