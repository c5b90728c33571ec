//! The command line of `fishbowl bench`.

use std::path::PathBuf;

#[derive(clap::Args)]
pub struct BenchArgs {
    /// Layout file [default: the demo wall]
    pub layout: Option<PathBuf>,
    /// Seconds to measure
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub seconds: u64,
    /// Seconds to wait after the first frame before measuring
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub warmup: u64,
    /// Fail if the idle wall takes more than PERCENT of a core, or paints anything
    #[arg(long, value_name = "PERCENT")]
    pub idle_budget: Option<f64>,
    /// Print a JSON object
    #[arg(long)]
    pub json: bool,
    /// Draw off-screen even if there are displays
    #[arg(long)]
    pub headless: bool,
}
