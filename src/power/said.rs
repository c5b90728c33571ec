//! What panels say, whatever their protocol.

/// What a panel says that it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actual {
    On,
    Off,
    WarmingUp,
    CoolingDown,
}

impl Actual {
    /// Whether it is on, or about to be.
    pub const fn is_lit(self) -> bool {
        matches!(self, Self::On | Self::WarmingUp)
    }

    /// Whether it is on its way, and accepts nothing meanwhile.
    pub const fn is_moving(self) -> bool {
        matches!(self, Self::WarmingUp | Self::CoolingDown)
    }
}

/// Why a panel did not say, or not do, what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It did not answer, or not in its protocol.
    #[error("{0}")]
    Silent(String),
    /// It accepts nothing just now.
    #[error("it is busy")]
    Busy,
    /// It does not accept who asks.
    #[error("{0}")]
    Password(String),
    /// It cannot do what it was asked.
    #[error("{0}")]
    Refused(String),
}

/// Why nothing more is heard.
pub fn broken(error: std::io::Error) -> Trouble {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Trouble::Silent("it closed the connection".into()),
        _ => Trouble::Silent(error.to_string()),
    }
}
