//! Accuracy of what the pulse learns, as tables: `cargo bench --bench accuracy`.

#[path = "accuracy/places.rs"]
mod places;

fn main() {
    println!("{}", places::table());
}
