//! The picture of a scene: rows of words, read into panels of cells.
//!
//! ```text
//! 8: map  map  map  | total  pace       `8:` makes the row eight parts high
//! 1: news news news | news   news       equal words that touch are one tile
//! ```
//! `cols: 2 1 | 3 1` before the rows of displays side by side gives their columns these widths.
//!
//! `|` stands between displays side by side, a row of `-` between displays above each other, `.`
//! is an empty cell. The cells of a row divide their own display evenly.

use std::ops::Range;

/// Most cells side by side on one display, and most rows on one.
pub const MAX_CELLS: usize = 60;
/// Finest common division of a display's width.
const MAX_COLUMNS: usize = 2_520;
const MAX_WEIGHT: f32 = 1_000.0;
/// Begins the line that gives columns their widths.
const COLS: &str = "cols:";

/// A picture, from the top: bands of displays side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    pub bands: Vec<Band>,
}

/// Displays side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// From the left, one for each display.
    pub panels: Vec<Panel>,
    /// Height of each row in parts.
    pub weights: Vec<f32>,
}

/// What stands on one display.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// In how many columns all its rows can be counted.
    pub columns: usize,
    /// Width of each column in parts; empty where they are equal.
    pub widths: Vec<f32>,
    pub cells: Vec<Cell>,
}

/// A word in its place: row, and columns of the panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// `None` is `.`: empty.
    pub word: Option<String>,
    pub row: usize,
    pub columns: Range<usize>,
    /// Bytes of the picture's text.
    pub at: Range<usize>,
}

impl Panel {
    /// The part of the panel's width that the first `columns` columns take.
    pub fn share(&self, columns: usize) -> f64 {
        let sum = |widths: &[f32]| widths.iter().map(|w| f64::from(*w)).sum::<f64>();
        match self.widths.is_empty() {
            true => columns as f64 / self.columns.max(1) as f64,
            false => sum(&self.widths[..columns.min(self.widths.len())]) / sum(&self.widths),
        }
    }
}

/// Something wrong in a picture, at bytes of its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub code: &'static str,
    pub message: String,
    pub at: Range<usize>,
    pub label: String,
    pub related: Vec<(Range<usize>, String)>,
    pub help: String,
}

impl Fault {
    pub fn new(code: &'static str, at: Range<usize>, message: impl Into<String>) -> Self {
        let (label, help) = (String::new(), String::new());
        Self { code, message: message.into(), at, label, related: Vec::new(), help }
    }

    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    pub fn and(mut self, at: Range<usize>, label: impl Into<String>) -> Self {
        self.related.push((at, label.into()));
        self
    }
}

impl Picture {
    /// Number of displays that it shows.
    pub fn panel_count(&self) -> usize {
        self.bands.iter().map(|b| b.panels.len()).sum()
    }

    /// Panels from top left to bottom right, each with its band.
    pub fn panels(&self) -> impl Iterator<Item = (&Band, &Panel)> {
        self.bands.iter().flat_map(|band| band.panels.iter().map(move |panel| (band, panel)))
    }

    /// Every word once, in the order of the picture, with its first place.
    pub fn words(&self) -> Vec<(&str, Range<usize>)> {
        let mut cells: Vec<&Cell> = self.panels().flat_map(|(_, p)| &p.cells).collect();
        cells.sort_by_key(|c| c.at.start);
        let mut words: Vec<(&str, Range<usize>)> = Vec::new();
        for cell in cells {
            match &cell.word {
                Some(word) if words.iter().all(|(w, _)| w != word) => words.push((word, cell.at.clone())),
                _ => {}
            }
        }
        words
    }
}

/// Reads a picture. With faults the picture lacks what they are about.
pub fn parse(text: &str) -> (Picture, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut picture = Picture::default();
    let mut rows: Vec<Row> = Vec::new();
    let mut cols: Option<Cols> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end();
        if is_divider(body) {
            picture.bands.extend(band(std::mem::take(&mut rows), cols.take(), &mut faults));
        } else if let Some(widths) = body.trim_start().strip_prefix(COLS) {
            cols = Some(Cols::read(widths, start + body.len() - widths.len(), &mut faults));
        } else if !body.trim().is_empty() {
            rows.push(row(body, start, &mut faults));
        }
        start += line.len();
    }
    picture.bands.extend(band(rows, cols, &mut faults));
    if picture.bands.is_empty() && faults.is_empty() {
        let fault = Fault::new("empty-picture", 0..text.len(), "the picture is empty");
        faults.push(
            fault
                .label("contains no names")
                .help("Write the names of the tiles where they belong on the wall."),
        );
    }
    (picture, faults)
}

fn is_divider(line: &str) -> bool {
    line.contains('-') && line.chars().all(|c| c.is_whitespace() || "-|+".contains(c))
}

/// How wide columns are, as it is written: by panel.
struct Cols {
    panels: Vec<Vec<f32>>,
    at: Range<usize>,
}

impl Cols {
    fn read(text: &str, start: usize, faults: &mut Vec<Fault>) -> Self {
        let mut cols = Self { panels: vec![Vec::new()], at: start - COLS.len()..start + text.len() };
        for at in tokens(text) {
            let (token, at) = (&text[at.clone()], start + at.start..start + at.end);
            if token == "|" {
                cols.panels.push(Vec::new());
            } else if let Some(panel) = cols.panels.last_mut() {
                panel.push(width_of(token, &at, faults));
            }
        }
        cols
    }
}

fn width_of(text: &str, at: &Range<usize>, faults: &mut Vec<Fault>) -> f32 {
    let width = text.parse::<f32>().ok().filter(|width| *width > 0.0 && *width <= MAX_WEIGHT);
    if width.is_none() {
        let fault = Fault::new("column-width", at.clone(), format!("`{text}` is not the width of a column"));
        faults.push(fault.label("not a number").help("Write the widths in parts: `cols: 2 1 | 3 1`."));
    }
    width.unwrap_or(1.0)
}

/// A row as it is written: words by panel.
struct Row {
    weight: f32,
    panels: Vec<Vec<(Option<String>, Range<usize>)>>,
    at: Range<usize>,
}

fn row(line: &str, start: usize, faults: &mut Vec<Fault>) -> Row {
    let from = start + line.len() - line.trim_start().len();
    let mut row = Row { weight: 1.0, panels: vec![Vec::new()], at: from..start + line.len() };
    let mut first = true;
    for at in tokens(line) {
        let (token, at) = (&line[at.clone()], start + at.start..start + at.end);
        if token == "|" {
            row.panels.push(Vec::new());
        } else if let (true, Some(weight)) = (first, token.strip_suffix(':')) {
            row.weight = weight_of(weight, &at, faults);
        } else if let (Some(panel), Some(word)) = (row.panels.last_mut(), word(token, &at, faults)) {
            panel.push((word, at));
        }
        first = false;
    }
    row
}

/// Byte ranges of the words and bars of a line.
fn tokens(line: &str) -> Vec<Range<usize>> {
    let mut tokens: Vec<Range<usize>> = Vec::new();
    let mut open = None;
    for (i, c) in line.char_indices().chain([(line.len(), ' ')]) {
        if c.is_whitespace() || c == '|' {
            tokens.extend(open.take().map(|from| from..i));
        } else if open.is_none() {
            open = Some(i);
        }
        if c == '|' {
            tokens.push(i..i + 1);
        }
    }
    tokens
}

fn weight_of(text: &str, at: &Range<usize>, faults: &mut Vec<Fault>) -> f32 {
    match text.parse::<f32>() {
        Ok(weight) if weight > 0.0 && weight <= MAX_WEIGHT => weight,
        _ => {
            let fault = Fault::new("row-height", at.clone(), format!("`{text}` is not the height of a row"));
            faults.push(fault.label("a number and a colon").help("Write the row's height in parts: `8:`."));
            1.0
        }
    }
}

/// A word, `Some(None)` for `.`, or a fault.
fn word(token: &str, at: &Range<usize>, faults: &mut Vec<Fault>) -> Option<Option<String>> {
    if token == "." {
        return Some(None);
    }
    let starts = token.starts_with(char::is_alphabetic);
    if starts && token.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
        return Some(Some(token.to_owned()));
    }
    let fault = Fault::new("picture-word", at.clone(), format!("`{token}` is not the name of a tile"));
    let help = match (token.starts_with(|c: char| c.is_ascii_digit()), token.ends_with(':')) {
        _ if token.contains(':') && !token.ends_with(':') => {
            "A row's height is at its start, as in `8: map list`. For a wider cell, repeat its name, or add a line with the widths of the columns, as in `cols: 2 1`."
        }
        (true, true) => "A row has one height, at its start.",
        (true, false) => "A name starts with a letter. For the height of a row, add a colon: `8:`.",
        (false, _) => {
            "A name consists of letters, digits, `_` and `-`, and starts with a letter. `.` is an empty cell."
        }
    };
    faults.push(fault.label("here").help(help));
    None
}

fn band(rows: Vec<Row>, cols: Option<Cols>, faults: &mut Vec<Fault>) -> Option<Band> {
    let first = rows.first()?;
    let (panels, at) = (first.panels.len(), first.at.clone());
    for row in rows.iter().filter(|r| r.panels.len() != panels) {
        let here = row.panels.len();
        let message = format!("this row covers {}, the first covers {panels}", counted(here, "display"));
        let fault = Fault::new("uneven-bars", row.at.clone(), message).label(bars(row.panels.len()));
        faults.push(fault.and(at.clone(), bars(panels)).help("Give every row the same number of `|`."));
    }
    if rows.len() > MAX_CELLS {
        let message = format!("{} rows exceed the limit of {MAX_CELLS} per display", rows.len());
        faults.push(Fault::new("too-many-cells", rows[MAX_CELLS].at.clone(), message).label("one too many"));
        return None;
    }
    let weights = rows.iter().map(|r| r.weight).collect();
    if let Some(cols) = cols.as_ref().filter(|cols| cols.panels.len() != panels) {
        let here = cols.panels.len();
        let message = format!("`cols` is for {}, the rows below cover {panels}", counted(here, "display"));
        let fault = Fault::new("uneven-bars", cols.at.clone(), message).label(bars(here));
        faults.push(fault.and(at, bars(panels)).help("Give `cols` as many `|` as the rows have."));
    }
    let panels = (0..panels).map(|i| panel(&rows, i, cols.as_ref(), faults)).collect();
    Some(Band { panels, weights })
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn bars(panels: usize) -> String {
    match panels {
        1 => "no `|`".into(),
        n => format!("{} `|`", n - 1),
    }
}

fn panel(rows: &[Row], index: usize, cols: Option<&Cols>, faults: &mut Vec<Fault>) -> Panel {
    let widths = cols.and_then(|cols| cols.panels.get(index)).filter(|widths| !widths.is_empty());
    if let Some(widths) = widths {
        return measured(rows, index, widths, faults);
    }
    let mut columns = 1;
    for row in rows {
        let Some(cells) = row.panels.get(index) else { continue };
        let common = lcm(columns, cells.len().max(1));
        if cells.is_empty() {
            let fault = Fault::new("empty-row", row.at.clone(), "this row leaves out one of its displays");
            faults.push(fault.label("nothing next to a `|`").help("Write `.` for an empty cell."));
        } else if cells.len() > MAX_CELLS || common > MAX_COLUMNS {
            let message = format!("{} cells do not match the rows above", cells.len());
            let fault = Fault::new("too-many-cells", row.at.clone(), message).label("here");
            faults.push(
                fault.help(format!(
                    "Give the rows of a display the same number of cells, at most {MAX_CELLS}."
                )),
            );
        } else {
            columns = common;
        }
    }
    let cells = rows.iter().enumerate().flat_map(|(r, row)| cells(r, row.panels.get(index), columns));
    Panel { columns, widths: Vec::new(), cells: cells.collect() }
}

/// A panel whose columns have widths; the cells of a row take equal numbers of them.
fn measured(rows: &[Row], index: usize, widths: &[f32], faults: &mut Vec<Fault>) -> Panel {
    let columns = widths.len().min(MAX_CELLS);
    for row in rows {
        let count = row.panels.get(index).map_or(0, Vec::len);
        if count == 0 || !columns.is_multiple_of(count) {
            let message = format!("{} in {}", counted(count, "cell"), counted(columns, "column"));
            let fault = Fault::new("uneven-columns", row.at.clone(), message).label("in this row");
            faults.push(
                fault.help(format!(
                    "`cols` gives {columns} widths here: write as many names, or repeat names."
                )),
            );
        }
    }
    let cells = rows.iter().enumerate().flat_map(|(r, row)| cells(r, row.panels.get(index), columns));
    Panel { columns, widths: widths[..columns].to_vec(), cells: cells.collect() }
}

fn cells(row: usize, words: Option<&Vec<(Option<String>, Range<usize>)>>, columns: usize) -> Vec<Cell> {
    let words = words.map(Vec::as_slice).unwrap_or_default();
    if words.is_empty() || !columns.is_multiple_of(words.len()) {
        return Vec::new();
    }
    let wide = columns / words.len();
    let cell = |(i, (word, at)): (usize, &(Option<String>, Range<usize>))| Cell {
        word: word.clone(),
        row,
        columns: i * wide..(i + 1) * wide,
        at: at.clone(),
    };
    words.iter().enumerate().map(cell).collect()
}

fn lcm(a: usize, b: usize) -> usize {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}

#[cfg(test)]
mod tests;
