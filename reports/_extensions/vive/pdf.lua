-- A tagged PDF needs a description of every formula: `[$x^2$]{alt="x squared"}`; where there is none, its TeX.
if not FORMAT:match("typst") then
  return {}
end

local function described(math, words)
  local drawn = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ math }) }), "typst"):gsub("%s+$", "")
  local text = words:gsub("%s+", " "):gsub("\\", "\\\\"):gsub('"', '\\"')
  return pandoc.RawInline("typst", string.format('#[#set math.equation(alt: "%s");%s]', text, drawn))
end

local within = {
  traverse = "topdown",
  Span = function(span)
    local words, math = span.attributes["alt"], span.content[1]
    if words and #span.content == 1 and math.t == "Math" then
      return described(math, words), false
    end
  end,
  Math = function(math)
    return described(math, math.text), false
  end,
}

function Pandoc(doc)
  doc.blocks = doc.blocks:walk(within)
  return doc
end
