//! Many queries asked at once. What they ask for is looked up once for all ([`Index`]); then only
//! those queries are evaluated of which something occurs without which they cannot match. So a
//! thousand topics cost little more than ten.

use std::mem;

use rustc_hash::FxHashMap;

use super::Query;
use super::field::Field;
use super::find::Find;
use super::index::{Index, Leaf};
use super::near::Ruler;
use super::subject::Subject;
use super::tokens::Tokens;
use super::tree::{Node, What};

/// Queries, by their places in the list of which it was made.
#[derive(Debug, Default)]
pub struct Matcher {
    index: Index,
    plans: Vec<Plan>,
    /// Where the queries of each leaf begin in `woken`, and where the last ones end.
    starts: Vec<u32>,
    /// Queries that may match when a leaf occurs.
    woken: Vec<u16>,
}

/// Room that is used again for every mention.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Grows with each mention; what carries another number is of an earlier one.
    turn: u32,
    /// The turn in which each leaf last occurred, and each query was last looked at.
    occurred: Vec<u32>,
    looked: Vec<u32>,
    hits: Vec<u32>,
    room: String,
    ruler: Ruler,
}

/// A query over leaves.
#[derive(Debug)]
enum Plan {
    Leaf(u32),
    All(Vec<Plan>),
    Any(Vec<Plan>),
    Not(Box<Plan>),
    /// Only if the plan holds it is measured.
    Near(u32, Box<[Node; 2]>, Box<Plan>),
}

impl Matcher {
    /// Takes the first 65,536 queries.
    pub fn new<'a>(queries: impl IntoIterator<Item = &'a Query>) -> Self {
        let mut known = FxHashMap::default();
        let mut leaves = Vec::new();
        let plans: Vec<Plan> = (0..=u16::MAX)
            .zip(queries)
            .map(|(_, query)| {
                Plan::of(query.tree(), &mut |leaf: Leaf| {
                    *known.entry(leaf).or_insert_with_key(|leaf| {
                        leaves.push(leaf.clone());
                        leaves.len() as u32 - 1
                    })
                })
            })
            .collect();
        let mut wakes: Vec<Vec<u16>> = vec![Vec::new(); leaves.len()];
        for (plan, query) in plans.iter().zip(0..) {
            let mut needed = Vec::new();
            plan.needs(&leaves, &mut needed);
            needed.sort_unstable();
            needed.dedup();
            needed.iter().for_each(|leaf| wakes[*leaf as usize].push(query));
        }
        let mut matcher = Self { index: Index::new(leaves), plans, ..Self::default() };
        for woken in wakes {
            matcher.starts.push(matcher.woken.len() as u32);
            matcher.woken.extend(woken);
        }
        matcher.starts.push(matcher.woken.len() as u32);
        matcher
    }

    /// Takes the mention's text apart and finds the queries that it matches, as indices in order.
    pub fn find(
        &self,
        mention: &Subject<'_>,
        text: &mut Tokens,
        scratch: &mut Scratch,
        found: &mut Vec<u16>,
    ) {
        text.read(mention.text, self.index.needs_plain() && !mention.text.is_ascii());
        found.clear();
        scratch.begin(self.index.len(), self.plans.len());
        let Scratch { turn, occurred, looked, hits, room, ruler } = scratch;
        self.index.look(mention, text, room, |leaf| {
            if mem::replace(&mut occurred[leaf as usize], *turn) != *turn {
                hits.push(leaf);
            }
        });
        for leaf in hits {
            let range = self.starts[*leaf as usize] as usize..self.starts[*leaf as usize + 1] as usize;
            for query in &self.woken[range] {
                let at = usize::from(*query);
                let is_new = mem::replace(&mut looked[at], *turn) != *turn;
                let mut occurs = |leaf: u32| occurred[leaf as usize] == *turn;
                if is_new && self.plans[at].holds(&mut occurs, ruler, text) {
                    found.push(*query);
                }
            }
        }
        found.sort_unstable();
    }
}

impl Scratch {
    fn begin(&mut self, leaves: usize, queries: usize) {
        if self.occurred.len() != leaves || self.looked.len() != queries || self.turn == u32::MAX {
            self.occurred = vec![0; leaves];
            self.looked = vec![0; queries];
            self.turn = 0;
        }
        self.turn += 1;
        self.hits.clear();
        self.ruler.forget();
    }
}

impl Plan {
    fn of(node: &Node, number: &mut impl FnMut(Leaf) -> u32) -> Self {
        let mut each = |parts: &[Node]| parts.iter().map(|part| Self::of(part, number)).collect();
        match &node.what {
            What::All(parts) => Self::All(each(parts)),
            What::Any(parts) => Self::Any(each(parts)),
            What::Not(part) => Self::Not(Box::new(Self::of(part, number))),
            What::Near(within, both) => {
                Self::Near(*within, both.clone(), Box::new(Self::All(each(&both[..]))))
            }
            what => Leaf::of(what).map_or_else(|| Self::Any(Vec::new()), |leaf| Self::Leaf(number(leaf))),
        }
    }

    fn holds(&self, occurs: &mut impl FnMut(u32) -> bool, ruler: &mut Ruler, text: &Tokens) -> bool {
        match self {
            Self::Leaf(leaf) => occurs(*leaf),
            Self::All(parts) => parts.iter().all(|part| part.holds(occurs, ruler, text)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(occurs, ruler, text)),
            Self::Not(part) => !part.holds(occurs, ruler, text),
            Self::Near(within, both, may) => {
                may.holds(occurs, ruler, text) && ruler.holds(*within, both, text)
            }
        }
    }

    /// Leaves of which one occurs in whatever matches, the rarest that there are; and how often
    /// they will, as a rough guess. `None` when it matches without any.
    fn needs(&self, leaves: &[Leaf], needed: &mut Vec<u32>) -> Option<f32> {
        let start = needed.len();
        match self {
            Self::Leaf(leaf) => {
                needed.push(*leaf);
                Some(commonness(&leaves[*leaf as usize]))
            }
            Self::Any(parts) => {
                let sum = parts.iter().map(|part| part.needs(leaves, needed)).sum::<Option<f32>>();
                if sum.is_none() {
                    needed.truncate(start);
                }
                sum
            }
            Self::All(parts) => {
                let mut best: Option<(f32, Vec<u32>)> = None;
                for part in parts {
                    let cost = part.needs(leaves, needed);
                    let own = needed.split_off(start);
                    if let Some(cost) =
                        cost.filter(|cost| best.as_ref().is_none_or(|(least, _)| cost < least))
                    {
                        best = Some((cost, own));
                    }
                }
                let (cost, own) = best?;
                needed.extend(own);
                Some(cost)
            }
            Self::Near(_, _, both) => both.needs(leaves, needed),
            Self::Not(_) => None,
        }
    }
}

/// How often a leaf occurs, as a rough guess: long words are rare, languages are not.
fn commonness(leaf: &Leaf) -> f32 {
    match leaf {
        Leaf::Find(Find::Phrase(atoms)) => {
            let letters: usize = atoms.iter().map(|atom| atom.text.chars().count()).sum();
            8.0 / letters.max(1) as f32
        }
        Leaf::Find(Find::Prefix(_, text)) => 16.0 / text.chars().count().max(1) as f32,
        Leaf::Find(Find::Contains(text)) => 4.0 / text.chars().count().max(1) as f32,
        Leaf::Field(Field::From(_) | Field::FromPrefix(_)) => 1.0,
        Leaf::Field(Field::Tag(_) | Field::Emotion(_)) => 10.0,
        Leaf::Field(Field::Country(_)) => 20.0,
        Leaf::Field(_) => 100.0,
    }
}
